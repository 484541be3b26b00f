import { existsSync, renameSync } from 'node:fs'
import Database from 'better-sqlite3'
import { BUSY_TIMEOUT_MS, checkHeader } from './connection.ts'
import { isDamage, LibraryProblem } from './library-problem.ts'

/** The database and the files that SQLite keeps beside it; the database last, so that no new one meets an old log. */
const PARTS = ['-wal', '-shm', '-journal', '']

/**
 * Moves a damaged library to `PATH.damaged-YYYYMMDD-HHMMSS` (UTC), never over another file. One process at a time looks
 * and moves, so that none moves the library that another has just built.
 * @returns where the library is now; undefined if the file turns out to be sound or is gone
 * @throws LibraryProblem if it cannot be moved
 */
export function setAsideIfDamaged(path: string): string | undefined {
  // Empty, and left in place: were it deleted, two processes could hold the locks of two different files.
  const lock = new Database(`${path}.repair-lock`, { timeout: BUSY_TIMEOUT_MS })
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return isSound(path) ? undefined : setAside(path)
  } finally {
    lock.close()
  }
}

/**
 * SQLite's own check of every page: seconds for a large library, so it is run on suspicion only.
 * @throws SqliteError SQLITE_CORRUPT if the file does not pass
 */
export function checkPages(database: Database.Database): void {
  const result = database.pragma('quick_check(1)', { simple: true })
  if (result !== 'ok') throw new Database.SqliteError(String(result), 'SQLITE_CORRUPT')
}

function isSound(path: string): boolean {
  if (!existsSync(path)) return true
  try {
    checkHeader(path)
    const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
    try {
      checkPages(database)
    } finally {
      database.close()
    }
    return true
  } catch (error) {
    if (isDamage(error)) return false
    throw error
  }
}

function setAside(path: string): string {
  const target = freeName(`${path}.damaged-${timestamp(new Date())}`)
  try {
    for (const part of PARTS) if (existsSync(path + part)) renameSync(path + part, target + part)
  } catch (error) {
    throw new LibraryProblem('LIBRARY_DAMAGED', 'the library is damaged and could not be moved aside', path, error)
  }
  return target
}

function freeName(wanted: string): string {
  let name = wanted
  for (let copy = 2; PARTS.some((part) => existsSync(name + part)); copy++) name = `${wanted}-${copy}`
  return name
}

/** 2026-05-09T08:07:06.000Z becomes 20260509-080706. */
function timestamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
}
