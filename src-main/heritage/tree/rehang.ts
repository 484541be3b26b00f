import type { BodySlot } from '../body.ts'
import type { ForcedLink } from './candidate-links.ts'
import { equalElements, linkBetween, pairKey, totalDistance } from '../link.ts'
import { hangsFromMissing } from './beside-missing.ts'
import { isRestored, sameBytes } from '../tensors.ts'
import type { HookedLink } from './unhook.ts'

/** An update trained from the derivative contains the whole of the derivation, one trained from the source none. */
const CONTAINED = 0.5
/** A link hangs from the derivative only if the estimate is this sure; else from the source. */
const LARGEST_ERROR = 0.25

/**
 * Exact derivatives may lie so near their source that distances cannot tell which of the two a later model was trained
 * from. The share of the derivation's own step that the later model contains,
 * ⟨x − source, derivative − source⟩ / ‖derivative − source‖², is 1 below the derivative and 0 below the source. Where both have
 * one body the source has the preference. A source that is missing is first told from its nearest relative (beside-missing.ts).
 *
 * @param forced each derivative with its source
 */
export function rehang(
  tree: readonly HookedLink[],
  forced: readonly ForcedLink[],
  body: readonly BodySlot[],
): HookedLink[] {
  const exact = new Set(forced.map(([source, derivative]) => pairKey(source, derivative)))
  const moved = nearestToMissing(body, forced).reduce(
    (links, [missing, near]) =>
      moveEnds(links, body, exact, (end, x) => {
        if ((end !== missing && end !== near) || x === missing || x === near) return end
        return hangsFromMissing(body, missing, near, x) ? missing : near
      }),
    tree,
  )
  const around = (source: number, derivative: number, x: number): number[] =>
    moved.flatMap(({ link: { a, b } }) => {
      const other = a === source || a === derivative ? b : b === source || b === derivative ? a : x
      return [x, source, derivative].includes(other) ? [] : other
    })
  const placed = forced.reduce(
    (links, [source, derivative]) =>
      moveEnds(links, body, exact, (end, x) => {
        if (end !== source && end !== derivative) return end
        return contains(body, source, derivative, x, around(source, derivative, x)) ? derivative : source
      }),
    moved,
  )
  return moveEnds(placed, body, exact, (end) => firstOfEqual(body, forced, end))
}

/** Puts each end of each link that is not exact where `place` says, given the other end. */
function moveEnds(
  tree: readonly HookedLink[],
  body: readonly BodySlot[],
  exact: ReadonlySet<string>,
  place: (end: number, other: number) => number,
): HookedLink[] {
  return tree.map(({ link, index }) => {
    if (exact.has(pairKey(link.a, link.b))) return { link, index }
    const [a, b] = [place(link.a, link.b), place(link.b, link.a)]
    return a === link.a && b === link.b ? { link, index } : { link: linkBetween(body, a, b), index }
  })
}

/** Each missing model that a derivative stands for, with the member that may be taken for it. */
function nearestToMissing(body: readonly BodySlot[], forced: readonly ForcedLink[]): [missing: number, near: number][] {
  const members = [...(body[0]?.tensors.keys() ?? [])]
  const missing = new Set(forced.map(([source]) => source).filter((source) => isMissing(body, source)))
  return [...missing].flatMap((source) => {
    const others = members.filter((node) => node !== source && !forced.some(([s, d]) => s === source && d === node))
    const distances = others.map((node) => totalDistance(body, linkBetween(body, source, node)))
    const near = others[distances.indexOf(Math.min(...distances))]
    return near === undefined ? [] : [[source, near]]
  })
}

function isMissing(body: readonly BodySlot[], node: number): boolean {
  return body.some(({ tensors }) => tensors[node] && isRestored(tensors[node]))
}

/** Of derivatives with one body the one with the fewest steps before it: nothing that is compared tells them apart. */
function firstOfEqual(body: readonly BodySlot[], forced: readonly ForcedLink[], node: number): number {
  const sources = new Map(forced.map(([source, derivative]) => [derivative, source]))
  const steps = (from: number): number => (sources.has(from) ? 1 + steps(sources.get(from)!) : 0)
  return [...sources.keys()]
    .filter((other) => other !== node && totalDistance(body, linkBetween(body, node, other)) === 0)
    .reduce((best, other) => (steps(other) < steps(best) ? other : best), node)
}

/** @param others what else hangs from the two */
function contains(
  body: readonly BodySlot[],
  source: number,
  derivative: number,
  x: number,
  others: readonly number[],
): boolean {
  const inCommon = equalElements(body, derivative, x) - equalElements(body, source, x)
  if (inCommon !== 0) return inCommon > 0
  // What x has not changed was rounded with it: in the store of a cast it is the cast's, whatever it was trained from.
  const telling = Float64Array.from(body, ({ tensors }) => {
    const [from, to, own] = [tensors[source], tensors[derivative], tensors[x]]
    return from && to && own && from.dtype !== to.dtype && sameBytes(to, own) ? 0 : 1
  })
  if (!telling.includes(1)) return false
  const between = (a: number, b: number): number => totalDistance(body, linkBetween(body, a, b), telling)
  const step = between(source, derivative)
  const toSource = between(source, x)
  const cells = body.reduce((sum, slot) => sum + (slot.tensors[source]?.sketch?.length ?? 0), 0)
  if (Math.sqrt(toSource / step / cells) >= LARGEST_ERROR) return false
  // The distances of a restored source assume the answer. What hangs from it has the derivation in common, as seen from the derivative.
  if (isMissing(body, source)) {
    const toDerivative = between(derivative, x)
    const shared = others.map((y) => (toDerivative + between(derivative, y) - between(x, y)) / (2 * step))
    return shared.length > 0 && Math.max(...shared) < 1 - CONTAINED
  }
  return (toSource + step - between(derivative, x)) / (2 * step) > CONTAINED
}
