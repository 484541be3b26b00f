import { escapeXml } from '../../../../src-main/contract/characters.ts'
import { element } from '../../../../src-main/export/svg/xml.ts'

/** What style sheets say of a drawn element, as SVG attributes. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'paint-order',
  'shape-rendering',
  'text-anchor',
  'font-size',
  'font-weight',
] as const
const COLOURS: ReadonlySet<string> = new Set(['fill', 'stroke'])
const DRAWN = 'path, rect, circle, text'

/** px. */
const MARGIN = 16
const GAP = 24
const HEAD = 52
const TITLE = 20

/** Pixels for each px of a PNG: sharp in print. */
const PNG_SCALE = 3

/** A plot of the page and what stands over it. */
export interface PlotToSave {
  readonly title: string
  readonly svg: SVGSVGElement
}

/** Plots side by side as one standalone SVG, in the colours in which they are seen now; `lines` stand at the top. */
export function plotsAsSvg(plots: readonly PlotToSave[], [first, second]: readonly [string, string]): string {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const text = (
    x: number,
    y: number,
    size: number,
    words: string,
    more: Record<string, string | number> = {},
  ): string => element('text', { x, y, 'font-size': size, fill: token('ink2'), ...more }, escapeXml(words))
  let x = MARGIN
  let bottom = 0
  const parts = plots.map(({ title, svg }) => {
    const { width, height } = svg.viewBox.baseVal
    const at = { x, width, height }
    x += width + GAP
    bottom = Math.max(bottom, HEAD + TITLE + height)
    const drawn = element('svg', { x: at.x, y: HEAD + TITLE, width, height, overflow: 'visible' }, styled(svg))
    return text(at.x, HEAD + 8, 11, title) + drawn
  })
  const [width, height] = [x - GAP + MARGIN, bottom + MARGIN]
  const content = [
    element('rect', { width, height, fill: token('s1') }),
    text(MARGIN, 24, 13, first, { 'font-weight': 600, fill: token('ink1') }),
    text(MARGIN, 40, 11, second),
    ...parts,
  ]
  const size = { width, height, viewBox: `0 0 ${width} ${height}` }
  const root = { xmlns: 'http://www.w3.org/2000/svg', ...size, 'font-family': token('font') }
  return `${element('svg', root, `\n${content.join('\n')}\n`)}\n`
}

/** What an SVG element of the page holds, with every style written into it. */
function styled(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const originals = svg.querySelectorAll(DRAWN)
  for (const [place, drawn] of copy.querySelectorAll(DRAWN).entries()) {
    const style = getComputedStyle(originals[place]!)
    for (const name of STYLES) {
      const value = style.getPropertyValue(name)
      drawn.setAttribute(name, COLOURS.has(name) ? plainColour(value) : value)
    }
  }
  for (const one of copy.querySelectorAll('*')) for (const name of ['class', 'style']) one.removeAttribute(name)
  const serializer = new XMLSerializer()
  return [...copy.children].map((child) => serializer.serializeToString(child)).join('')
}

const plain = new Map<string, string>()

/** A colour as every program reads it: mixed colours are known to browsers alone. */
function plainColour(colour: string): string {
  const known = colour === 'none' ? colour : plain.get(colour)
  if (known !== undefined) return known
  const context = new OffscreenCanvas(1, 1).getContext('2d')!
  context.fillStyle = colour
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
  const hex = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
  plain.set(colour, hex)
  return hex
}

/** The same picture in pixels. @throws where the browser cannot draw it */
export async function svgAsPng(svg: string): Promise<Blob> {
  const image = new Image()
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    image.src = url
    await image.decode()
    const canvas = new OffscreenCanvas(image.naturalWidth * PNG_SCALE, image.naturalHeight * PNG_SCALE)
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await canvas.convertToBlob({ type: 'image/png' })
  } finally {
    URL.revokeObjectURL(url)
  }
}
