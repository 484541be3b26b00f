import { SKETCH_SIZE } from '../../fingerprint/constants.ts'
import { matrixShape } from '../../fingerprint/sketch.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { sketchShape } from '../rank.ts'
import { isFloatTensor } from '../tensors.ts'
import type { HeritageModel } from '../types.ts'
import { factorName } from './names.ts'

/** The change of one matrix W (m × n) that an adapter stands for: B·A (m × r, r × n), times a scale that is not known. */
export interface LowRankUpdate {
  readonly module: string
  readonly a: TensorFingerprint
  readonly b: TensorFingerprint
  readonly rows: number
  readonly columns: number
  readonly rank: number
  /** The sketch of B·A, laid out as that of W. */
  readonly sketch: Float32Array
}

/** All updates of an adapter, sorted by module. What is no pair of float matrices that fit each other is left out. */
export function updatesOf(adapter: HeritageModel): LowRankUpdate[] {
  const pairs = new Map<string, { A?: TensorFingerprint; B?: TensorFingerprint }>()
  for (const tensor of adapter.tensors) {
    const name = factorName(tensor.name)
    if (!name || tensor.block >= 0 || !isFloatTensor(tensor)) continue
    pairs.set(name.module, { ...pairs.get(name.module), [name.factor]: tensor })
  }
  return [...pairs]
    .flatMap(([module, { A, B }]) => (A && B ? (updateOf(module, A, B) ?? []) : []))
    .sort((x, y) => (x.module < y.module ? -1 : 1))
}

function updateOf(module: string, a: TensorFingerprint, b: TensorFingerprint): LowRankUpdate | null {
  const { rows: rank, columns } = matrixShape(a.shape)
  const { rows, columns: inner } = matrixShape(b.shape)
  if (rank !== inner || rank > SKETCH_SIZE) return null
  return { module, a, b, rows, columns, rank, sketch: productSketch(a, b) }
}

/** Up to rank SKETCH_SIZE the inner indices of a sketch are not mixed: the sketch of B·A is the product of the sketches. */
function productSketch(a: TensorFingerprint, b: TensorFingerprint): Float32Array {
  const { rows: rank, columns } = sketchShape(a)
  const { rows } = sketchShape(b)
  const product = new Float32Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let k = 0; k < rank; k++) sum += b.sketch![i * rank + k]! * a.sketch![k * columns + j]!
      product[i * columns + j] = sum
    }
  }
  return product
}
