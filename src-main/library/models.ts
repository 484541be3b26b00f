import type { FoundModel, ModelLayout } from '../files/types.ts'
import { FINGERPRINT_VERSION } from '../fingerprint/types.ts'
import type { TensorFingerprint } from '../fingerprint/types.ts'
import type { Connection } from './connection.ts'
import { contentHash } from './identity.ts'
import { filesOf, findLocation, replaceLocation } from './locations.ts'
import type { Bulk, TensorPlace } from './lean.ts'
import { decodeBulk, decodeTensor, encodeTensor, rowHash, TENSOR_COLUMNS } from './tensor-row.ts'
import type { TensorRow } from './tensor-row.ts'
import type { ModelSummary, StoredModel } from './types.ts'

interface ModelRow {
  readonly kind: FoundModel['kind']
  readonly layout: ModelLayout
  readonly contentHash: Buffer
  readonly bytes: number
  readonly measuredAt: string
}

const MODEL_COLUMNS = 'kind, layout, content_hash AS contentHash, bytes, measured_at AS measuredAt'

const INSERT_TENSOR = `
  INSERT INTO tensors (location_id, row_hash, ${TENSOR_COLUMNS.join()})
  VALUES (@location_id, @row_hash, ${TENSOR_COLUMNS.map((column) => `@${column}`).join()})`

/** The rows of a model are there, but not all as they were written. */
export class DamagedRows extends Error {
  /** The entry in `locations`. */
  readonly id: number

  constructor(id: number) {
    super(`damaged rows of location ${id}`)
    this.id = id
  }
}

/** To be called within a transaction. */
export function insertModel(connection: Connection, model: StoredModel): void {
  if (contentHash(model.tensors) !== model.contentHash) throw new RangeError('contentHash is not that of the tensors')
  const id = replaceLocation(connection, model.location, model.files)
  connection
    .statement<[number, string, string, Buffer, number, string]>(
      'INSERT INTO models (location_id, kind, layout, content_hash, bytes, measured_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(id, model.kind, model.layout, Buffer.from(model.contentHash, 'hex'), model.bytes, model.measuredAt)
  const insert = connection.statement<[TensorRow & { location_id: number; row_hash: Uint8Array }]>(INSERT_TENSOR)
  model.tensors.forEach((tensor, ordinal) => {
    const row = encodeTensor(tensor, ordinal)
    insert.run({ ...row, location_id: id, row_hash: rowHash(row) })
  })
}

/**
 * To be called within a transaction.
 * @throws DamagedRows if a tensor is missing or differs from what was written
 */
export function loadModel(connection: Connection, location: string): StoredModel | undefined {
  const id = findLocation(connection, location)
  if (id === undefined) return undefined
  const model = connection
    .statement<[number], ModelRow>(`SELECT ${MODEL_COLUMNS} FROM models WHERE location_id = ?`)
    .get(id)
  if (model === undefined) return undefined
  const tensors = loadTensors(connection, id)
  const hash = contentHash(tensors)
  if (hash !== model.contentHash.toString('hex')) throw new DamagedRows(id)
  return { ...model, location, files: filesOf(connection, id), contentHash: hash, tensors }
}

/** The sketch or the sample of a tensor that was loaded before; null if it is gone or another one now. */
export function loadBulk<Part extends keyof Bulk>(
  connection: Connection,
  { location, ordinal, hash }: TensorPlace,
  part: Part,
): Bulk[Part] {
  const row = connection
    .statement<[string, number, number, Uint8Array], { readonly bulk: Uint8Array | null }>(
      `SELECT ${part} AS bulk FROM tensors JOIN locations ON location_id = id
       WHERE location = ? AND fingerprint_version = ? AND ordinal = ? AND hash = ?`,
    )
    .get(location, FINGERPRINT_VERSION, ordinal, hash)
  return row?.bulk ? decodeBulk(part, row.bulk) : null
}

/** All models of this fingerprint version, sorted by location. */
export function listModels(connection: Connection): ModelSummary[] {
  return connection
    .statement<[number], ModelRow & { readonly location: string; readonly tensors: number }>(
      `SELECT location, ${MODEL_COLUMNS}, (SELECT count(*) FROM tensors WHERE location_id = id) AS tensors
       FROM locations JOIN models ON location_id = id WHERE fingerprint_version = ? ORDER BY location`,
    )
    .all(FINGERPRINT_VERSION)
    .map((row) => ({ ...row, contentHash: row.contentHash.toString('hex') }))
}

function loadTensors(connection: Connection, id: number): TensorFingerprint[] {
  return connection
    .statement<[number], TensorRow & { row_hash: Uint8Array }>(
      `SELECT row_hash, ${TENSOR_COLUMNS.join()} FROM tensors WHERE location_id = ? ORDER BY ordinal`,
    )
    .all(id)
    .map((row) => {
      if (Buffer.compare(rowHash(row), row.row_hash) !== 0) throw new DamagedRows(id)
      return decodeTensor(row)
    })
}
