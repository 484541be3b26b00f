import { matrixShape } from '../../fingerprint/sketch.ts'
import type { Architecture } from '../align/align.ts'
import type { HeritageModel } from '../types.ts'
import type { Partner } from './alignment.ts'
import { partnerOf, type MeasuredBlock } from './blocks.ts'
import { matrixRows } from './matrix-rows.ts'
import type { ReadAgain } from './types.ts'

/** Rows whose pairs are looked at: of 8,192 rows these leave four in a head of 128. */
const SAMPLED_ROWS = 256
/** Narrower heads are not in use. */
const SMALLEST_HEAD = 8

/** An adapted projection, and a member of the family of its adapter. */
export interface HeadWitness {
  readonly block: MeasuredBlock
  readonly architecture: Architecture
  readonly member: number
  readonly model: HeritageModel
}

/** What the entries of two Gram matrices have in common, summed over blocks. */
interface Moments {
  count: number
  x: number
  y: number
  xx: number
  yy: number
  xy: number
}

/**
 * How many rows of a projection make one head. The gradient of a row of the queries is a sum of keys of the same head, and so on, so
 * the entries of the update's C·Cᵀ and of the partner's F·Fᵀ, both scaled to a unit diagonal, correlate within a head and not, or
 * otherwise, across heads. Of the divisors of the number of rows the one that splits the entries most tellingly into
 * two groups, each with a correlation of its own, wins (likelihood of a bivariate normal, less the criterion of Schwarz 1978).
 *
 * @param witnesses of one architecture, from all its adapters
 * @returns all rows where no split tells anything
 */
export async function headSize(witnesses: readonly HeadWitness[], read: ReadAgain): Promise<number> {
  const rows = witnesses[0]!.block.side.rows
  const sampled = sampledRows(rows)
  const entries: Moments[] = Array.from({ length: sampled.length ** 2 }, emptyMoments)
  for (const { block, architecture, member, model } of witnesses.filter(({ block }) => block.side.rows === rows)) {
    const partner = partnerOf(block, rows, architecture, member, model)
    if (!partner) continue
    const { rank, values } = block.side
    const ofUpdate = unitGram(sampled.map((row) => values.subarray(row * rank, (row + 1) * rank)))
    const ofPartner = unitGram(await partnerRows(partner, sampled, read))
    for (let i = 0; i < sampled.length; i++) {
      for (let j = 0; j < i; j++) {
        const at = i * sampled.length + j
        addPair(entries[at]!, ofUpdate[at]!, ofPartner[at]!)
      }
    }
  }
  let best = { size: rows, likelihood: splitLikelihood(entries, sampled, rows) }
  for (let size = SMALLEST_HEAD; size < rows; size++) {
    if (rows % size !== 0) continue
    const likelihood = splitLikelihood(entries, sampled, size)
    if (likelihood > best.likelihood) best = { size, likelihood }
  }
  return best.size
}

/** Evenly spread, from the first on. */
function sampledRows(rows: number): number[] {
  const step = Math.ceil(rows / SAMPLED_ROWS)
  return Array.from({ length: Math.ceil(rows / step) }, (_, i) => i * step)
}

/** Rows of F, for the partner projection F. */
async function partnerRows(
  { model, tensor, transposed }: Partner,
  sampled: readonly number[],
  read: ReadAgain,
): Promise<Float64Array[]> {
  const { rows, columns } = matrixShape(tensor.shape)
  const length = transposed ? rows : columns
  const found = sampled.map(() => new Float64Array(length))
  for await (const { first, count, values } of matrixRows(model, tensor, read)) {
    sampled.forEach((row, at) => {
      if (transposed) for (let i = 0; i < count; i++) found[at]![first + i] = values[i * columns + row]!
      else if (row >= first && row < first + count)
        for (let j = 0; j < columns; j++) found[at]![j] = values[(row - first) * columns + j]!
    })
  }
  return found
}

/** Cosines of all pairs of rows, row by row; 0 for rows without length. */
function unitGram(rows: readonly Float64Array[]): Float64Array {
  const lengths = rows.map((row) => Math.sqrt(dot(row, row)))
  const gram = new Float64Array(rows.length ** 2)
  rows.forEach((row, i) => {
    for (let j = 0; j < i; j++) {
      const product = lengths[i]! * lengths[j]!
      gram[i * rows.length + j] = product > 0 ? dot(row, rows[j]!) / product : 0
    }
  })
  return gram
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** Log-likelihood of two correlations, of entries within heads of a size and across them, less half the logarithm of the entries for each. */
function splitLikelihood(entries: readonly Moments[], sampled: readonly number[], size: number): number {
  const [within, across] = [emptyMoments(), emptyMoments()]
  for (let i = 0; i < sampled.length; i++) {
    for (let j = 0; j < i; j++) {
      const same = Math.floor(sampled[i]! / size) === Math.floor(sampled[j]! / size)
      addMoments(same ? within : across, entries[i * sampled.length + j]!)
    }
  }
  if (within.count === 0) return -Infinity
  const all = within.count + across.count
  return [within, across]
    .filter(({ count }) => count > 0)
    .reduce((sum, moments) => sum + likelihoodOf(moments) - Math.log(all) / 2, 0)
}

function likelihoodOf({ count, x, y, xx, yy, xy }: Moments): number {
  const covariance = xy - (x * y) / count
  const variances = (xx - (x * x) / count) * (yy - (y * y) / count)
  return variances > 0 ? (-count / 2) * Math.log(1 - Math.min(1 - 1e-12, (covariance * covariance) / variances)) : 0
}

function emptyMoments(): Moments {
  return { count: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 }
}

function addPair(to: Moments, x: number, y: number): void {
  addMoments(to, { count: 1, x, y, xx: x * x, yy: y * y, xy: x * y })
}

function addMoments(to: Moments, { count, x, y, xx, yy, xy }: Moments): void {
  to.count += count
  to.x += x
  to.y += y
  to.xx += xx
  to.yy += yy
  to.xy += xy
}
