const FOCUSABLE = 'button:not([disabled]), input, select, [tabindex="0"], a[href]'

/** Where the focus was in each region, to return there. */
const last = new WeakMap<Element, HTMLElement>()

/** Moves the focus to the next region of the page (`data-region`), or to the one before. */
export function moveToRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(isShown)
  const current = regions.findIndex((region) => region.contains(document.activeElement))
  if (current >= 0 && document.activeElement instanceof HTMLElement) last.set(regions[current]!, document.activeElement)
  for (let offset = 1; offset <= regions.length; offset++) {
    const from = current < 0 && step < 0 ? regions.length : current
    const region = regions[(from + step * offset + regions.length * 2) % regions.length]!
    if (enter(region)) return
  }
}

/** Moves the focus to the region of this name. */
export function moveToRegionNamed(name: string): void {
  const region = document.querySelector<HTMLElement>(`[data-region="${name}"]`)
  if (region) enter(region)
}

/** False where nothing in the region takes the focus. */
function enter(region: HTMLElement): boolean {
  const before = last.get(region)
  if (before && region.contains(before) && isShown(before)) {
    before.focus()
    return true
  }
  const preferred = region.querySelector<HTMLElement>('[data-region-start]')
  const target = preferred ?? [...region.querySelectorAll<HTMLElement>(FOCUSABLE)].find(isShown)
  target?.focus()
  return target !== undefined
}

function isShown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0
}
