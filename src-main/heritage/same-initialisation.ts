import type { TensorFingerprint } from '../fingerprint/types.ts'
import type { Architecture } from './align/align.ts'
import { storedValues } from './exact/stored-values.ts'
import { elementCount, isWeight, shapeKey } from './tensors.ts'

/** Models trained apart from one start: positions within the architecture, ascending. */
export interface SameInitialisation {
  readonly members: readonly number[]
  /** Largest cosine of the matrices of two of them that were told apart. */
  readonly cosine: number
}

/** Models that share more than this of their matrices descend from one another: most of a start is lost by then. */
const LOST = 0.25
/** Fewer tensors, or shorter ones, say too little. */
const LEAST_TENSORS = 8
const LEAST_ELEMENTS = 16
/** Standard deviations: chance reaches it once in three million pairs. */
const INHERITED_Z = 5

/**
 * Tells descent from a common start. Random starts lie in matrices, while biases and norms start from constants; so what
 * two models share in those was learned together. Where matrices are alike but little, and one-dimensional tensors are not
 * in one order at all, the models were made from one initialisation and trained apart.
 *
 * @returns whether that is so for two members whose matrices are alike, with this cosine
 */
export function initialisationTest(architecture: Architecture): (i: number, j: number, cosine: number) => boolean {
  const ranks = remembered(ranksOf)
  return (i, j, cosine) => cosine <= LOST && !isLearnedTogether(architecture, ranks, i, j)
}

/** True also where there are too few one-dimensional tensors to tell. */
function isLearnedTogether({ tensors }: Architecture, ranks: typeof ranksOf, i: number, j: number): boolean {
  const correlations = tensors.flatMap((row) => {
    const [x, y] = [row[i], row[j]]
    if (!x || !y || shapeKey(x) !== shapeKey(y)) return []
    const [a, b] = [ranks(x), ranks(y)]
    return a && b ? [correlation(a, b) * Math.sqrt(a.length - 1)] : []
  })
  const sum = correlations.reduce((total, value) => total + value, 0)
  return correlations.length < LEAST_TENSORS || sum > INHERITED_Z * Math.sqrt(correlations.length)
}

/** Tensors are ranked when they are first asked for: few pairs are near enough to each other to be asked. */
function remembered(rank: typeof ranksOf): typeof ranksOf {
  const known = new Map<TensorFingerprint, Float64Array | null>()
  return (tensor) => {
    const ranks = known.get(tensor) ?? rank(tensor)
    known.set(tensor, ranks)
    return ranks
  }
}

/** Ranks of the sampled elements of a trained vector about their mean; null for all else. */
function ranksOf(tensor: TensorFingerprint): Float64Array | null {
  if (tensor.shape.filter((side) => side > 1).length !== 1 || elementCount(tensor) < LEAST_ELEMENTS) return null
  const values = isWeight(tensor) && tensor.sample ? storedValues(tensor.dtype, tensor.sample) : null
  if (!values) return null
  const ranks = new Float64Array(values.length)
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b)
  for (let from = 0; from < order.length;) {
    let to = from
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    // Ties share their mean rank.
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + to - order.length) / 2
    from = to
  }
  return ranks
}

/** Spearman's: Pearson's of centred ranks. */
function correlation(a: Float64Array, b: Float64Array): number {
  let [product, x, y] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!
    x += a[i]! * a[i]!
    y += b[i]! * b[i]!
  }
  return x === 0 || y === 0 ? 0 : product / Math.sqrt(x * y)
}

/** The groups with one more pair; what it touches becomes one. */
export function joinPair(groups: readonly SameInitialisation[], pair: SameInitialisation): SameInitialisation[] {
  const touched = [pair, ...groups.filter(({ members }) => pair.members.some((member) => members.includes(member)))]
  const members = [...new Set(touched.flatMap((group) => group.members))].sort((a, b) => a - b)
  const cosine = Math.max(...touched.map((group) => group.cosine))
  return [...groups.filter((group) => !touched.includes(group)), { members, cosine }]
}
