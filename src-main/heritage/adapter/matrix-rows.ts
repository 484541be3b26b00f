import { SKETCH_SIZE } from '../../fingerprint/constants.ts'
import { matrixShape } from '../../fingerprint/sketch.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { HeritageModel } from '../types.ts'
import type { ReadAgain } from './types.ts'

/** Elements held at a time, 8 MiB of float64. */
const CHUNK = 2 ** 20

/** Some whole rows of a matrix. */
export interface MatrixRows {
  readonly first: number
  readonly count: number
  /** Row-major. */
  readonly values: ArrayLike<number>
}

/** A tensor as a matrix, some rows at a time. Up to SKETCH_SIZE a side its sketch holds it exactly; else it is read again. */
export async function* matrixRows(
  model: HeritageModel,
  tensor: TensorFingerprint,
  read: ReadAgain,
): AsyncGenerator<MatrixRows> {
  const { rows, columns } = matrixShape(tensor.shape)
  if (rows <= SKETCH_SIZE && columns <= SKETCH_SIZE) {
    yield { first: 0, count: rows, values: tensor.sketch! }
    return
  }
  const atOnce = Math.max(1, Math.floor(CHUNK / columns))
  for (let first = 0; first < rows; first += atOnce) {
    const count = Math.min(atOnce, rows - first)
    yield { first, count, values: await read(model, tensor, first * columns, (first + count) * columns) }
  }
}

/** All of a matrix that is small by nature: a factor of an adapter. */
export async function wholeMatrix(
  model: HeritageModel,
  tensor: TensorFingerprint,
  read: ReadAgain,
): Promise<Float64Array> {
  const { rows, columns } = matrixShape(tensor.shape)
  const whole = new Float64Array(rows * columns)
  for await (const { first, values } of matrixRows(model, tensor, read)) whole.set(values, first * columns)
  return whole
}
