import type { Measure } from '../../../../src-main/export/svg/measure.ts'

/** More than the names of the largest library, so that the memory stays bounded whatever is shown. */
const MOST_KEPT = 100_000

/** Measures text in the font that will draw it; every width is measured once. */
export function canvasMeasure(font: string): Measure {
  const context = document.createElement('canvas').getContext('2d')
  /** By size and weight, then by text: no key needs to be put together for what is known. */
  const known = new Map<number, Map<string, number>>()
  return (text, size, weight) => {
    const style = size * 1000 + weight
    const widths = known.get(style) ?? new Map<string, number>()
    known.set(style, widths)
    let width = widths.get(text)
    if (width !== undefined) return width
    if (context) context.font = `${weight} ${size}px ${font}`
    width = context ? context.measureText(text).width : text.length * size * 0.6
    if (widths.size >= MOST_KEPT) widths.clear()
    widths.set(text, width)
    return width
  }
}
