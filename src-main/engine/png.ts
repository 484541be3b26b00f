import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'

const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSans-Oblique.ttf']

/** The largest picture: 8192 × 8192, 256 MiB while it is drawn. */
const MOST_PIXELS = 2 ** 26

/**
 * Draws an SVG of `renderSvg` as PNG. The font comes with the program, never from the machine: the same picture
 * everywhere. About 2 ms a model.
 * @param scale pixels for each px of the SVG, above 0; taken down where the picture would pass MOST_PIXELS
 * @throws Error where the text is not such an SVG
 */
export function renderPng(svg: string, scale: number): Uint8Array {
  const size = /^<svg [^>]*\bwidth="([\d.]+)" height="([\d.]+)"/.exec(svg)
  if (!size) throw new Error('renderPng: no SVG with width and height')
  const largest = Math.sqrt(MOST_PIXELS / (Number(size[1]) * Number(size[2])))
  const resvg = new Resvg(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: FONTS.map((file) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`))),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
    fitTo: { mode: 'zoom', value: Math.min(scale, largest) },
  })
  return resvg.render().asPng()
}
