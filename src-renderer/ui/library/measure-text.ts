import { cutMiddle } from '../../../src-main/contract/characters.ts'

const context = document.createElement('canvas').getContext('2d')
const cut = new Map<string, string>()
// More than a window ever shows; a list of thousands is cut anew only when it is seen.
const MOST_KEPT = 4000

/** A name that fits into so many px at 11 px, cut in the middle; measured in the font of the page. */
export function fittingName(name: string, width: number): string {
  const key = `${width}\n${name}`
  const known = cut.get(key)
  if (known !== undefined) return known
  if (context) context.font = `11px ${getComputedStyle(document.body).fontFamily}`
  const measure = (text: string): number => context?.measureText(text).width ?? 0
  const fitting = cutMiddle(name, width, measure)
  if (cut.size >= MOST_KEPT) cut.clear()
  cut.set(key, fitting)
  return fitting
}
