import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import Database from 'better-sqlite3'
import { isBusy, LibraryProblem } from './library-problem.ts'
import { migrate, MIGRATIONS, schemaVersion } from './migrations.ts'

/** "HEIR" in ASCII, in the header of every library: tells it from the SQLite files of other programs. */
export const APPLICATION_ID = 0x48_45_49_52

/** How long a call waits for another process before it gives up. */
export const BUSY_TIMEOUT_MS = 5000

/** The row of a large tensor is little more than one page; smaller pages chain it over many. For new files only. */
const PAGE_BYTES = 16_384

const SQLITE_MAGIC = Buffer.from('SQLite format 3\0', 'latin1')
const SQLITE_HEADER_BYTES = 100
const APPLICATION_ID_OFFSET = 68

/** An open library file. */
export interface Connection {
  readonly database: Database.Database
  /** The compiled statement; each text is compiled once. The caller names the parameters and the row. */
  statement<Parameters extends unknown[], Row = unknown>(sql: string): Database.Statement<Parameters, Row>
}

/**
 * Opens or creates the library at an absolute path and brings it to the current schema.
 * @throws LibraryProblem for a file of another program or of a newer Heirloom; neither is changed
 * @throws SqliteError if the file is damaged, locked or out of reach
 */
export function connect(path: string): Connection {
  checkHeader(path)
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    refuseNewer(database, path)
    claim(database)
    switchToWriteAheadLog(database)
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
    migrate(database)
  } catch (error) {
    database.close()
    throw error
  }
  const statements = new Map<string, Database.Statement>()
  return {
    database,
    statement<Parameters extends unknown[], Row>(sql: string) {
      const statement = statements.get(sql) ?? database.prepare(sql)
      statements.set(sql, statement)
      return statement as Database.Statement<Parameters, Row>
    },
  }
}

/**
 * Looks at the bytes, not through SQLite, which takes some damaged files for empty ones and would fold another program's
 * write-ahead log into its file.
 * @throws LibraryProblem for another program's database, SqliteError for what is no database
 */
export function checkHeader(path: string): void {
  const header = readHeader(path)
  if (header.length === 0) return
  if (header.length < SQLITE_HEADER_BYTES || header.indexOf(SQLITE_MAGIC) !== 0)
    throw new Database.SqliteError('file is not a database', 'SQLITE_NOTADB')
  if (header.readUInt32BE(APPLICATION_ID_OFFSET) !== APPLICATION_ID)
    throw new LibraryProblem('LIBRARY_FOREIGN', 'the file is a database of another program', path)
}

/** The first bytes of the file, fewer if it is shorter, none if there is no file. */
function readHeader(path: string): Buffer {
  if (!existsSync(path)) return Buffer.alloc(0)
  const header = Buffer.alloc(SQLITE_HEADER_BYTES)
  const file = openSync(path, 'r')
  try {
    return header.subarray(0, readSync(file, header, 0, SQLITE_HEADER_BYTES, 0))
  } finally {
    closeSync(file)
  }
}

function refuseNewer(database: Database.Database, path: string): void {
  const version = schemaVersion(database)
  if (version <= MIGRATIONS.length) return
  const message = `the library was written by a newer Heirloom (schema ${version}, this one knows ${MIGRATIONS.length})`
  throw new LibraryProblem('LIBRARY_NEWER', message, path)
}

/** Marks a new file. Done before the write-ahead log exists, so that the mark is always in the file itself. */
function claim(database: Database.Database): void {
  database.pragma(`page_size = ${PAGE_BYTES}`)
  const mark = database.transaction(() => database.pragma(`application_id = ${APPLICATION_ID}`))
  if (database.pragma('application_id', { simple: true }) === 0) mark.immediate()
}

/** SQLite does not wait by itself for this lock when several processes create one library. */
function switchToWriteAheadLog(database: Database.Database): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MS
  for (;;) {
    try {
      database.pragma('journal_mode = WAL')
      return
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
  }
}
