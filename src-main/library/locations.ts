import { sep } from 'node:path'
import type { FileIdentity } from '../files/types.ts'
import { FINGERPRINT_VERSION } from '../fingerprint/types.ts'
import type { Connection } from './connection.ts'

/** Begins a new entry for a location, in place of all that was known about it; the id that its rows refer to. */
export function replaceLocation(connection: Connection, location: string, files: readonly FileIdentity[]): number {
  connection.statement<[string]>('DELETE FROM locations WHERE location = ?').run(location)
  const insertLocation = 'INSERT INTO locations (location, fingerprint_version) VALUES (?, ?)'
  const id = Number(
    connection.statement<[string, number]>(insertLocation).run(location, FINGERPRINT_VERSION).lastInsertRowid,
  )
  const insertFile = connection.statement<[number, number, string, number, string, string, string]>(
    'INSERT INTO files (location_id, ordinal, path, size, mtime_ns, device, inode) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  files.forEach(({ path, size, mtimeNs, device, inode }, ordinal) =>
    insertFile.run(id, ordinal, path, size, mtimeNs, device, inode),
  )
  return id
}

/** The entry of a location, if this fingerprint version made it. */
export function findLocation(connection: Connection, location: string): number | undefined {
  return connection
    .statement<[string, number], { id: number }>(
      'SELECT id FROM locations WHERE location = ? AND fingerprint_version = ?',
    )
    .get(location, FINGERPRINT_VERSION)?.id
}

export function filesOf(connection: Connection, id: number): FileIdentity[] {
  return connection
    .statement<[number], FileIdentity>(
      'SELECT path, size, mtime_ns AS mtimeNs, device, inode FROM files WHERE location_id = ? ORDER BY ordinal',
    )
    .all(id)
}

export function dropLocation(connection: Connection, id: number): void {
  connection.statement<[number]>('DELETE FROM locations WHERE id = ?').run(id)
}

/** Drops a location and those below it; their number. */
export function forget(connection: Connection, location: string): number {
  const below = location.endsWith(sep) ? location : location + sep
  return connection
    .statement<[{ below: string; sep: string }]>(
      'DELETE FROM locations WHERE substr(location || @sep, 1, length(@below)) = @below',
    )
    .run({ below, sep }).changes
}

/** Drops all locations, and the graphs of them, and gives their space back; the number of locations. */
export function clear({ database }: Connection): number {
  database.exec('DELETE FROM graphs')
  const dropped = database.prepare('DELETE FROM locations').run().changes
  database.exec('VACUUM')
  database.pragma('wal_checkpoint(TRUNCATE)')
  return dropped
}
