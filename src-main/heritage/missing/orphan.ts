import { encodingOf, halfSpacing } from '../../fingerprint/encodings.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { BodySlot } from '../body.ts'
import { isUnchanged } from '../exact/exact.ts'
import { beforePruning, beforeQuantization, sampledValues } from './restore.ts'
import { isRestored, sameBytes } from '../tensors.ts'
import { extendDistances, withMissing, type MissingModel, type Untrained } from './types.ts'

/** Quantizing and pruning take in the matrices of the stack; a stray one may have a grid or zeros of its own. */
const MARKED = 0.5
/** Share of zeros that training leaves nowhere, and that leaves something to look at. */
const [FEWEST_ZEROS, MOST_ZEROS] = [0.01, 0.99]
/** Pruning leaves nothing below its threshold; continuous numbers come as near to 0 as one in a few thousand of their spread. */
const LEAST_GAP = 0.02
/** What lies so near, in units of what is not known, may be the source in a coarser store. */
const NO_FARTHER = 1.2
/** What was trained from a pruned model moves as far at its zeros as elsewhere; twice as far is another origin. */
const GROWN = 2
/** Two estimates of one model differ by their errors, two models by a whole update. */
const SAME_MODEL = 0.5

/** A model whose own numbers say that it was made from another without training. */
interface Orphan {
  readonly member: number
  readonly type: 'quantized' | 'pruned'
  /** By slot of the body: its source's tensor, as far as it can be known. */
  readonly source: readonly (TensorFingerprint | undefined)[]
  /** Squared length of what is not known of the source. */
  readonly error: number
}

/**
 * Looks for the missing sources of quantized and pruned models that follow from no member. That each has one is certain:
 * training leaves no grid and no gap around 0. Quantizing moves each number by less than half a step, pruning takes those
 * below its threshold, whatever else the source's relatives have in common; so the derivative stands for its source, and all
 * squared distances from it are too long by what it lost.
 *
 * @param distances squared distances between all members, missing models included
 * @param missing those found before: the last members
 * @param explained members whose origin is known
 * @returns all missing models; one found before may be the source of an orphan
 */
export function withOrphanSources(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  missing: readonly MissingModel[],
  explained: ReadonlySet<number>,
): MissingModel[] {
  const present = distances.length - missing.length
  const orphans = Array.from({ length: present }, (_, member) => member)
    .filter((member) => !explained.has(member))
    .flatMap((member) => orphanAt(body, member, present) ?? [])
    .filter((orphan) => isAlone(body, orphan, present))
    .sort((a, b) => a.error - b.error)
  const made = new Set(orphans.map(({ member }) => member))
  let all = [...missing]
  let lengths = distances
  for (const { member, type, source, error } of orphans) {
    const nearest = Math.min(...lengths.slice(0, present).flatMap((row, node) => (made.has(node) ? [] : row[member]!)))
    const near = [...lengths.keys()].filter((node) => {
      // What was rebuilt of a missing model has an error of its own.
      const farthest = node < present ? NO_FARTHER * error : Math.max(NO_FARTHER * error, SAME_MODEL * nearest)
      return !made.has(node) && lengths[node]![member]! < farthest
    })
    const extended = withMissing(body, all.slice(missing.length))
    const same = near.find((node) => isEqualElsewhere(extended, source, node))
    if (same === undefined) {
      const derived: Untrained[] = [{ type, child: member }]
      const exact = source.map((tensor) => tensor !== undefined && !(isRestored(tensor) && type === 'quantized'))
      all.push({ witness: member, tensors: source, exact, derived, updates: [] })
      lengths = extendDistances(lengths, withMissing(body, all.slice(missing.length)))
    } else if (same >= present) {
      all = all.map((model, i) =>
        i === same - present ? { ...model, derived: [...model.derived, { type, child: member }] } : model,
      )
    }
  }
  return all
}

/** The orphan that a member is, if it bears the marks of one. */
function orphanAt(body: readonly BodySlot[], member: number, present: number): Orphan | null {
  const stack = body.filter(({ matrix, inStack, tensors }) => matrix && inStack && tensors[member])
  const isMarked = (by: (tensor: TensorFingerprint) => boolean): boolean =>
    stack.filter(({ tensors }) => by(tensors[member]!)).length > MARKED * stack.length
  const type = isMarked(hasGrid) ? 'quantized' : isMarked(isPruned) ? 'pruned' : null
  if (!type) return null
  const nearest = nearestOutside(body, member, present)
  const source = body.map(({ tensors }) => {
    const own = tensors[member]
    if (!own) return undefined
    if (type === 'quantized') return hasGrid(own) ? beforeQuantization(own, tensors[nearest ?? -1]) : own
    return isPruned(own) ? beforePruning(own, tensors[nearest ?? -1]) : own
  })
  const error = source.reduce((sum, tensor) => sum + (tensor && isRestored(tensor) ? tensor.error : 0), 0)
  return { member, type, source, error }
}

/** The member that lies nearest where the orphan has numbers, of those that are none the smaller where it has zeros: these were trained from it. */
function nearestOutside(body: readonly BodySlot[], member: number, present: number): number | undefined {
  const own = body.map(({ tensors }) => tensors[member] && sampledValues(tensors[member]))
  const apart = Array.from({ length: present }, (_, node) => {
    const [atNumbers, atZeros] = [
      { sum: 0, count: 0 },
      { sum: 0, count: 0 },
    ]
    body.forEach(({ tensors }, slot) => {
      const values = tensors[node] && sampledValues(tensors[node])
      if (!values) return
      own[slot]?.forEach((value, i) => {
        const part = value === 0 ? atZeros : atNumbers
        part.sum += (values[i]! - value) ** 2
        part.count++
      })
    })
    return { node, mean: atNumbers.sum / atNumbers.count, zeros: atZeros }
  })
  return apart
    .filter(({ node, mean, zeros }) => node !== member && (zeros.sum > GROWN * mean * zeros.count || zeros.count === 0))
    .sort((a, b) => a.mean - b.mean)[0]?.node
}

function hasGrid({ grid }: TensorFingerprint): boolean {
  return grid !== null
}

function isPruned({ moments }: TensorFingerprint): boolean {
  if (!moments) return false
  const share = moments.zeros / moments.count
  return share > FEWEST_ZEROS && share < MOST_ZEROS && moments.smallestNonZero > LEAST_GAP * Math.sqrt(moments.variance)
}

/** Whether no other member has one of the marked tensors: who shares the marks may be the parent, or have inherited them. */
function isAlone(body: readonly BodySlot[], { member, source }: Orphan, present: number): boolean {
  return body.every(({ tensors }, slot) => {
    if (!source[slot] || !isRestored(source[slot])) return true
    return tensors.slice(0, present).every((other, y) => y === member || !other || !sameBytes(other, tensors[member]!))
  })
}

/** Whether a member has all that the source is known to have, but for rounding. */
function isEqualElsewhere(body: readonly BodySlot[], source: Orphan['source'], node: number): boolean {
  return body.every(({ tensors }, slot) => {
    const [x, y] = [source[slot], tensors[node]]
    return !x || !y || isRestored(x) || isRestored(y) || isUnchanged(x, y) || mayBeOne(x, y)
  })
}

/** Whether two stores may have rounded the same numbers. */
function mayBeOne(x: TensorFingerprint, y: TensorFingerprint): boolean {
  const [a, b] = [sampledValues(x), sampledValues(y)]
  const [p, q] = [encodingOf(x.dtype), encodingOf(y.dtype)]
  if (!a || !b || !p || !q) return false
  return a.every((value, i) => Math.abs(value - b[i]!) <= halfSpacing(p, value) + halfSpacing(q, b[i]!))
}
