import type { Measure } from '../../../../src-main/export/svg/measure.ts'

/** More than the names of the largest library, so that the memory stays bounded whatever is shown. */
const MOST_KEPT = 100_000

/** Measures text in the font that will draw it; every width is measured once. */
export function canvasMeasure(font: string): Measure {
  const context = document.createElement('canvas').getContext('2d')
  const widths = new Map<string, number>()
  let current = ''
  return (text, size, weight) => {
    const style = `${weight} ${size}px ${font}`
    const key = `${style}\n${text}`
    const known = widths.get(key)
    if (known !== undefined) return known
    if (context && current !== style) {
      context.font = style
      current = style
    }
    const width = context ? context.measureText(text).width : text.length * size * 0.6
    if (widths.size >= MOST_KEPT) widths.clear()
    widths.set(key, width)
    return width
  }
}
