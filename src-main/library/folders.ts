import { sep } from 'node:path'
import type { Connection } from './connection.ts'
import type { StoredFolder, StoredGraph } from './types.ts'

const FOLDER_COLUMNS = 'id, path, granted_at AS grantedAt, last_seen AS lastSeen'
const GRAPH_COLUMNS = 'inputs, recovered_at AS recoveredAt, complete, models, problems, graph, claims'

type GraphRow = Omit<StoredGraph, 'complete'> & { readonly complete: 0 | 1 }

/** In the order in which they were granted. */
export function listFolders(connection: Connection): StoredFolder[] {
  return connection.statement<[], StoredFolder>(`SELECT ${FOLDER_COLUMNS} FROM folders ORDER BY granted_at, id`).all()
}

/** A folder is known by its path: a new id for a known path changes nothing. */
export function insertFolder(connection: Connection, { id, path, grantedAt, lastSeen }: StoredFolder): void {
  connection
    .statement<[string, string, string, string | null]>(
      'INSERT INTO folders (id, path, granted_at, last_seen) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    )
    .run(id, path, grantedAt, lastSeen)
}

export function markSeen(connection: Connection, id: string, when: string): void {
  connection.statement<[string, string]>('UPDATE folders SET last_seen = ? WHERE id = ?').run(when, id)
}

/** The graph of the folder goes with it. */
export function deleteFolder(connection: Connection, id: string): void {
  connection.statement<[string]>('DELETE FROM folders WHERE id = ?').run(id)
}

/** Does nothing for a folder that was dropped in the meantime. */
export function replaceGraph(connection: Connection, folder: string, graph: StoredGraph): void {
  connection
    .statement<[string, string, string, number, number, number, string, string, string]>(
      `INSERT OR REPLACE INTO graphs (folder_id, inputs, recovered_at, complete, models, problems, graph, claims)
       SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM folders WHERE id = ?)`,
    )
    .run(
      folder,
      graph.inputs,
      graph.recoveredAt,
      Number(graph.complete),
      graph.models,
      graph.problems,
      graph.graph,
      graph.claims,
      folder,
    )
}

export function findGraph(connection: Connection, folder: string): StoredGraph | undefined {
  const row = connection
    .statement<[string], GraphRow>(`SELECT ${GRAPH_COLUMNS} FROM graphs WHERE folder_id = ?`)
    .get(folder)
  return row && { ...row, complete: row.complete === 1 }
}

/** How much each graph holds, without reading the graphs. */
export function countGraphs(connection: Connection): Map<string, Pick<StoredGraph, 'models' | 'problems'>> {
  const rows = connection
    .statement<[], { folder: string; models: number; problems: number }>(
      'SELECT folder_id AS folder, models, problems FROM graphs',
    )
    .all()
  return new Map(rows.map(({ folder, models, problems }) => [folder, { models, problems }]))
}

/** Drops the graphs that name anything at or below a location. */
export function forgetGraphs(connection: Connection, location: string): void {
  connection
    .statement<[{ below: string; sep: string }]>(
      `DELETE FROM graphs WHERE folder_id IN (
         SELECT id FROM (SELECT id, rtrim(path, @sep) || @sep AS root FROM folders)
         WHERE substr(root, 1, length(@below)) = @below OR substr(@below, 1, length(root)) = root)`,
    )
    .run({ below: location.endsWith(sep) ? location : location + sep, sep })
}
