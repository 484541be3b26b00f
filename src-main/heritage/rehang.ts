import type { BodySlot } from './body.ts'
import { linkBetween, totalDistance } from './link.ts'
import type { ForcedLink } from './candidate-links.ts'
import type { TreeLink } from './tree.ts'

/** An update trained from the derivative contains the whole of the derivation, one trained from the source none. */
const CONTAINED = 0.5
/** The estimate must be this sure before a link is moved away from the source. */
const LARGEST_ERROR = 0.25

/**
 * Exact derivatives (casts) lie so near their source that distances cannot tell which of the two a later model was
 * trained from. The share of the derivation's own step that the later model contains,
 * ⟨x − source, derivative − source⟩ / ‖derivative − source‖², is 1 below the derivative and 0 below the source.
 */
export function rehang(tree: readonly TreeLink[], casts: readonly ForcedLink[], body: readonly BodySlot[]): TreeLink[] {
  return tree.map((link) => {
    for (const [source, derivative] of casts) {
      if (link.parent !== source || link.child === derivative) continue
      if (containsStep(body, source, derivative, link.child)) return { ...link, parent: derivative }
    }
    return link
  })
}

function containsStep(body: readonly BodySlot[], source: number, derivative: number, x: number): boolean {
  const step = totalDistance(body, linkBetween(body, source, derivative))
  const toSource = totalDistance(body, linkBetween(body, source, x))
  const toDerivative = totalDistance(body, linkBetween(body, derivative, x))
  const cells = body.reduce((sum, slot) => sum + (slot.tensors[source]?.sketch?.length ?? 0), 0)
  const contained = (toSource + step - toDerivative) / (2 * step)
  const error = Math.sqrt(toSource / step / cells)
  return contained > CONTAINED && error < LARGEST_ERROR
}
