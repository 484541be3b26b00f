import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { FINGERPRINT_VERSION } from '../fingerprint/types.ts'
import type { FileIdentity } from '../files/types.ts'
import type { Connection } from './connection.ts'
import { checkPages } from './damage.ts'
import { sameFiles } from './identity.ts'
import {
  countGraphs,
  deleteFolder,
  findGraph,
  forgetGraphs,
  insertFolder,
  listFolders,
  markSeen,
  replaceGraph,
} from './folders.ts'
import { clear, dropLocation, filesOf, findLocation, forget } from './locations.ts'
import { leanModel, type ReadBulk } from './lean.ts'
import { LibraryProblem } from './library-problem.ts'
import { schemaVersion } from './migrations.ts'
import { DamagedRows, insertModel, listModels, loadBulk, loadModel } from './models.ts'
import { deleteProblem, insertProblem, loadProblem } from './problems.ts'
import { Room } from './room.ts'
import { type OnMessage, Session } from './session.ts'
import { deleteSetting, getSetting, setSetting } from './settings.ts'
import type { Library, LibraryStats, Lookup, StoredModel } from './types.ts'

/** Sketches and samples of lean models that stay in memory: those of some 3,300 models of 31 matrices. */
const ROOM_BYTES = 2 ** 31

/**
 * Opens the library at a path; creates it, and the folders above it, if there is none. A damaged one is renamed aside
 * and a new one begun, then or whenever the damage shows.
 * @param onMessage may be called within any later call
 * @throws LibraryProblem LIBRARY_FOREIGN for the SQLite file of another program, LIBRARY_NEWER for a library of a newer
 *   Heirloom (both are left as they are), LIBRARY_LOCKED if another process holds it for more than five seconds,
 *   LIBRARY_DAMAGED if a damaged one cannot be moved aside, LIBRARY_UNAVAILABLE if the file system says no
 * @param room bytes of sketches and samples that `loadLean` keeps in memory
 */
export function openLibrary(path: string, onMessage: OnMessage = () => {}, room = ROOM_BYTES): Library {
  const session = new Session(resolve(path), onMessage)
  const read = <Result>(operation: (connection: Connection) => Result): Result =>
    session.run((connection) => connection.database.transaction(() => operation(connection)).deferred())
  const write = <Result>(operation: (connection: Connection) => Result): Result =>
    session.run((connection) => connection.database.transaction(() => operation(connection)).immediate())

  function load(location: string): StoredModel | undefined {
    try {
      return read((connection) => loadModel(connection, location))
    } catch (error) {
      if (!(error instanceof DamagedRows)) throw error
      write((connection) => dropLocation(connection, error.id))
      onMessage(
        `What the library held about ${location} was damaged and is dropped: the model will be read again.`,
        false,
      )
      session.run(({ database }) => checkPages(database))
      return undefined
    }
  }

  const readBulk: ReadBulk = (place, part) => {
    const bulk = session.run((connection) => loadBulk(connection, place, part))
    if (bulk) return bulk
    const message = `what the library held about ${place.location} changed while it was needed: try again`
    throw new LibraryProblem('LIBRARY_UNAVAILABLE', message, session.path)
  }
  const lean = new Room(room)

  return {
    lookup: (location, files) => read((connection) => lookup(connection, location, files)),
    save: (model) => write((connection) => insertModel(connection, model)),
    saveProblem: (problem) => write((connection) => insertProblem(connection, problem)),
    forgetProblem: (location) => write((connection) => deleteProblem(connection, location)),
    load,
    loadLean: (location) => {
      const model = load(location)
      return model && leanModel(model, readBulk, lean)
    },
    list: () => read(listModels),
    folders: {
      list: () => read(listFolders),
      add: (folder) => write((connection) => insertFolder(connection, folder)),
      markSeen: (id, when) => write((connection) => markSeen(connection, id, when)),
      remove: (id) => write((connection) => deleteFolder(connection, id)),
      graph: (id) => read((connection) => findGraph(connection, id)),
      counts: () => read(countGraphs),
      saveGraph: (id, graph) => write((connection) => replaceGraph(connection, id, graph)),
    },
    settings: {
      get: (key) => read((connection) => getSetting(connection, key)),
      set: (key, value) => write((connection) => setSetting(connection, key, value)),
      remove: (key) => write((connection) => deleteSetting(connection, key)),
    },
    forget: (location) =>
      write((connection) => {
        forgetGraphs(connection, resolve(location))
        return forget(connection, resolve(location))
      }),
    clear: () => session.run(clear),
    stats: () => read((connection) => stats(connection, session.path)),
    close: () => session.close(),
  }
}

function lookup(connection: Connection, location: string, files: readonly FileIdentity[]): Lookup {
  const id = findLocation(connection, location)
  if (id === undefined || !sameFiles(files, filesOf(connection, id))) return { state: 'unknown' }
  const isModel = connection.statement<[number]>('SELECT 1 FROM models WHERE location_id = ?').get(id) !== undefined
  if (isModel) return { state: 'measured' }
  const problem = loadProblem(connection, id, location)
  return problem === undefined ? { state: 'unknown' } : { state: 'problem', problem }
}

function stats(connection: Connection, path: string): LibraryStats {
  const counts = connection
    .statement<[number], Pick<LibraryStats, 'models' | 'problems' | 'tensors' | 'bytesOfWeights'>>(
      `WITH current AS (SELECT id FROM locations WHERE fingerprint_version = ?)
       SELECT (SELECT count(*) FROM models WHERE location_id IN current) AS models,
         (SELECT count(*) FROM problems WHERE location_id IN current) AS problems,
         (SELECT count(*) FROM tensors WHERE location_id IN current) AS tensors,
         (SELECT coalesce(sum(bytes), 0) FROM models WHERE location_id IN current) AS bytesOfWeights`,
    )
    .get(FINGERPRINT_VERSION)
  if (counts === undefined) throw new Error('a query without FROM always has a row')
  return {
    path,
    schemaVersion: schemaVersion(connection.database),
    fingerprintVersion: FINGERPRINT_VERSION,
    ...counts,
    fileSize: sizeOf(path) + sizeOf(`${path}-wal`),
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
