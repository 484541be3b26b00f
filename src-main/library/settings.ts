import type { Connection } from './connection.ts'

export function getSetting(connection: Connection, key: string): string | undefined {
  return connection.statement<[string], { value: string }>('SELECT value FROM settings WHERE key = ?').get(key)?.value
}

export function setSetting(connection: Connection, key: string, value: string): void {
  connection.statement<[string, string]>('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)').run(key, value)
}

export function deleteSetting(connection: Connection, key: string): void {
  connection.statement<[string]>('DELETE FROM settings WHERE key = ?').run(key)
}
