import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'

const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSans-Oblique.ttf']

/** Pixels of the largest picture: 16384 × 8192, half a gigabyte while it is drawn. */
const MOST_PIXELS = 2 ** 27

/**
 * Draws an SVG of ours as PNG. The font comes with the program, never from the machine: the same picture everywhere.
 * @param scale pixels for each px of the SVG, above 0; taken down where the picture would pass MOST_PIXELS
 */
export function renderPng(svg: string, scale: number): Uint8Array {
  const font = {
    loadSystemFonts: false,
    fontFiles: FONTS.map((file) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`))),
    defaultFontFamily: 'DejaVu Sans',
    sansSerifFamily: 'DejaVu Sans',
  }
  const { width, height } = new Resvg(svg, { font })
  const largest = Math.sqrt(MOST_PIXELS / (width * height))
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: Math.min(scale, largest) } }).render().asPng()
}
