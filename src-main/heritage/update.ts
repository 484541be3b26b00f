import type { BodySlot } from './body.ts'
import { isUnchanged } from './exact/exact.ts'
import { linkBetween, type Link } from './link.ts'
import { differenceRank, sketchShape } from './rank.ts'

/** What an update did to the body of a model. */
export interface Update {
  /** 'lora' where every changed matrix of the stack changed by a low rank and nothing else did, 'continued' where it is large. */
  readonly type: 'lora' | 'fine-tune' | 'continued'
  /** Largest numerical rank of the changes, for LoRA only. */
  readonly rank: number | null
  /** Matrices that differ, and all of them. */
  readonly changedMatrices: number
  readonly matrices: number
}

/** The rank of a change is called low up to half of the smaller side: full updates measured fill it. */
const LOW_RANK_SHARE = 0.5

/** Sides below this leave no room between a low and a full rank. */
const SMALLEST_SIDE = 16

/**
 * Beyond this relative squared distance a stage is long training rather than specialization. A convention: fine-tunes
 * measured take .001 to .14, continued pretraining .19 to .37; published models turn at the same place.
 */
const SPECIALIZATION_LIMIT = 0.1

/** Whether a link is so long, D / (‖a‖‖b‖), that it is long training rather than a specialization. */
export function isLongTraining(body: readonly BodySlot[], link: Link): boolean {
  let distance = 0
  let a = 0
  let b = 0
  body.forEach(({ matrix, tensors }, slot) => {
    const [x, y] = [tensors[link.a]?.moments, tensors[link.b]?.moments]
    if (!matrix || !x || !y) return
    distance += link.distances[slot]!
    a += x.sumSquares
    b += y.sumSquares
  })
  return distance > SPECIALIZATION_LIMIT * Math.sqrt(a * b)
}

/**
 * Tells a merged low-rank update from a full one by the numerical rank of the difference against the rounding floor.
 * The sketch shows ranks up to its own side, hence low ranks up to 32.
 */
export function describeUpdate(body: readonly BodySlot[], parent: number, child: number): Update {
  let rank = 0
  let full = false
  let changedMatrices = 0
  let matrices = 0
  for (const slot of body) {
    const x = slot.tensors[parent]
    const y = slot.tensors[child]
    if (!x || !y) continue
    const changed = !isUnchanged(x, y)
    if (slot.matrix) {
      matrices++
      if (changed) changedMatrices++
    }
    if (!changed || full || !slot.inStack) continue
    const { rows, columns } = sketchShape(x)
    const side = Math.min(rows, columns)
    const changedRank = slot.matrix && side >= SMALLEST_SIDE ? differenceRank(x, y) : side
    if (changedRank > LOW_RANK_SHARE * side) full = true
    else rank = Math.max(rank, changedRank)
  }
  const lora = !full && rank > 0
  const type = lora ? 'lora' : isLongTraining(body, linkBetween(body, parent, child)) ? 'continued' : 'fine-tune'
  return { type, rank: lora ? rank : null, changedMatrices, matrices }
}
