import type { Architecture } from '../align/align.ts'
import type { HeritageModel } from '../types.ts'
import { alignments } from './alignment.ts'
import { partnerOf, type MeasuredBlock } from './blocks.ts'
import { headAlignments } from './head-alignment.ts'
import type { ReadAgain } from './types.ts'

export interface FamilyScore {
  /** Mean alignment of the blocks with their partners, -1 to 1. */
  readonly mean: number
  /** Distance from the mean with shifted layers, in standard errors. */
  readonly z: number
}

/** Chance alone reaches z = 8 once in 10^15. Measured: the own family .096 and more, other families at most .038. */
const FAMILY_Z = 8
const FAMILY_MEAN = 0.05

/** Shifts by which layers are put against wrong partners: each costs as much as the right one. */
const SHIFTS = 4
/** Fewer wrong pairings do not tell how much they scatter. */
const FEWEST_SHIFTED = 8

/** Tests whether an adapter was trained on relatives of a model, against the same model with its layers shifted. Null: no test possible. */
export async function scoreFamily(
  blocks: readonly MeasuredBlock[],
  architecture: Architecture,
  member: number,
  model: HeritageModel,
  read: ReadAgain,
): Promise<FamilyScore | null> {
  const own: number[] = []
  const shifted: number[] = []
  for (const layers of Map.groupBy(blocks, ({ role }) => role).values()) {
    for (const [layer, block] of layers.entries()) {
      const partner = partnerOf(block, block.side.rows, architecture, member, model)
      if (!partner) continue
      const others = Array.from({ length: Math.min(SHIFTS, layers.length - 1) }, (_, i) => {
        return layers[(layer + 1 + i) % layers.length]!.side
      }).filter(({ rows }) => rows === block.side.rows)
      const [right, ...wrong] = await alignments(partner, [block.side, ...others], read)
      own.push(right!)
      shifted.push(...wrong)
    }
  }
  if (shifted.length < FEWEST_SHIFTED) return null
  const chance = average(shifted)
  const variance = average(shifted.map((value) => (value - chance) ** 2))
  const mean = average(own)
  return { mean, z: (mean - chance) / Math.sqrt(variance / own.length) }
}

export function isOwnFamily({ mean, z }: FamilyScore): boolean {
  return z > FAMILY_Z && mean > FAMILY_MEAN
}

/**
 * The alignment of each block with its partner in one member: of value projections head by head, of others as a whole. Null where one
 * of the partners is missing.
 */
export async function scoreMember(
  blocks: readonly MeasuredBlock[],
  headRows: number,
  architecture: Architecture,
  member: number,
  model: HeritageModel,
  read: ReadAgain,
): Promise<Float64Array | null> {
  const scores: number[] = []
  for (const block of blocks) {
    const { side, gradients } = block
    const partner = partnerOf(block, side.rows, architecture, member, model)
    if (!partner) return null
    const byHead = partner.transposed && side.rows % headRows === 0
    scores.push(
      ...(byHead
        ? await headAlignments(partner, side, gradients, headRows, read)
        : await alignments(partner, [side], read)),
    )
  }
  return Float64Array.from(scores)
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
