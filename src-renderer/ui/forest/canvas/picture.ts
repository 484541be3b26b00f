import { typeWord } from '../../../../src-main/contract/words.ts'
import { SUPPORT_STYLES } from '../../../../src-main/export/svg/tokens.ts'
import type { Sheet } from '../layout/positions.ts'
import { words } from '../words.ts'
import type { Bounds } from './bounds.ts'
import type { Colouring } from './colouring.ts'
import { drawForest } from './draw.ts'
import { NOTHING_MARKED } from './scene.ts'
import { markPath, traceArrow } from './draw-edges.ts'
import { drawNode } from './draw-nodes.ts'
import type { Palette } from './palette.ts'

export interface PictureOptions {
  /** Pixels for one px. */
  readonly factor: number
  /** Without a ground. */
  readonly transparent: boolean
  readonly legend: boolean
}

export interface Drawing {
  readonly sheet: Sheet
  readonly bounds: Bounds
  readonly colouring: Colouring
  readonly palette: Palette
}

/** What every browser of today draws: pixels on a side, and in all. */
const LONGEST_SIDE = 16_384
const MOST_PIXELS = 128 * 2 ** 20

const MARGIN = 16
const LINE = 18
/** Room for one entry of the key, px. */
const ENTRY = 152

export interface PictureSize {
  readonly width: number
  readonly height: number
  /** May be smaller than the one that was asked for. */
  readonly factor: number
  readonly limited: boolean
}

/** Size of the picture in pixels, never more than a canvas can hold. */
export function pictureSize(
  drawing: Drawing,
  { factor, legend }: Pick<PictureOptions, 'factor' | 'legend'>,
): PictureSize {
  const { width, height } = extent(drawing, legend)
  const most = Math.min(LONGEST_SIDE / width, LONGEST_SIDE / height, Math.sqrt(MOST_PIXELS / (width * height)))
  const used = Math.min(factor, most)
  return { width: Math.floor(width * used), height: Math.floor(height * used), factor: used, limited: used < factor }
}

/** The whole forest as it is drawn now, without what is selected. @throws where the browser cannot draw it */
export async function renderPicture(drawing: Drawing, options: PictureOptions): Promise<Blob> {
  const { width, height, factor } = pictureSize(drawing, options)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) throw new Error(words.picture.failed)
  const { palette, colouring, sheet, bounds } = drawing
  const ground = options.transparent ? transparentGround(palette) : palette
  const target = { context, width: width / factor, height: height / factor, density: factor }
  drawForest(
    target,
    { sheet, bounds },
    { palette: ground, colouring, marked: NOTHING_MARKED, camera: { x: 0, y: 4, k: 1 } },
  )
  context.setTransform(factor, 0, 0, factor, 0, 0)
  if (options.legend) drawLegend(context, drawing)
  if (!options.transparent) {
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.globalCompositeOperation = 'destination-over'
    context.fillStyle = palette.colours.s0
    context.fillRect(0, 0, width, height)
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(words.picture.failed))), 'image/png')
  })
}

/** Hollow nodes stay hollow. */
function transparentGround(palette: Palette): Palette {
  return { ...palette, colours: { ...palette.colours, s0: 'rgba(0, 0, 0, 0)' } }
}

function extent({ sheet, colouring }: Drawing, legend: boolean): { width: number; height: number } {
  const width = Math.ceil(Math.max(320, sheet.width))
  const rows = legend ? rowsOf(entries(sheet, colouring), width).length : 0
  return { width, height: Math.ceil(Math.max(40, sheet.height)) + 8 + (rows > 0 ? rows * LINE + 16 : 0) }
}

interface Entry {
  readonly words: string
  readonly draw: (context: CanvasRenderingContext2D, palette: Palette) => void
}

function entries({ edges, nodes, byId }: Sheet, colouring: Colouring): Entry[] {
  const line = (context: CanvasRenderingContext2D, { colours }: Palette, width: number, dash: string | null): void => {
    context.strokeStyle = colours.ink2
    context.lineWidth = width
    context.setLineDash(dash === null ? [] : dash.split(' ').map(Number))
    context.beginPath()
    context.moveTo(0, 0)
    context.lineTo(24, 0)
    context.stroke()
    context.setLineDash([])
  }
  const types = [...new Set(edges.map(({ relation }) => relation.type))].sort().map((type): Entry => ({
    words: typeWord(type),
    draw: (context, { colours }) => {
      context.strokeStyle = colours.ink2
      context.lineWidth = 1.25
      context.translate(6, -6)
      context.stroke(markPath(type))
    },
  }))
  const supports = SUPPORT_STYLES.map(({ width, dash }, place): Entry => ({
    words: words.support.words[place]!,
    draw: (context, palette) => line(context, palette, width, dash),
  }))
  const arrow: Entry = {
    words: words.directed,
    draw: (context, palette) => {
      line(context, palette, 1.5, null)
      context.fillStyle = palette.colours.ink2
      context.beginPath()
      traceArrow(context, { x: 26, y: 0, turn: 0 })
      context.fill()
    },
  }
  const shapes = [...new Set(nodes.map(({ shape }) => shape))].map((shape): Entry => ({
    words: words.shapes[shape],
    draw: (context, { colours }) => {
      context.lineWidth = 1.5
      drawNode(context, { shape, members: [''] }, { x: 12, y: 0, colour: colours.ink2, ground: colours.s0, least: 0 })
    },
  }))
  const colours = colouring.key.map(({ token, words }): Entry => ({
    words,
    draw: (context, { colours }) => {
      context.fillStyle = colours[token]
      context.fillRect(7, -5, 10, 10)
    },
  }))
  return [...types, ...(edges.length > 0 ? [...supports, arrow] : []), ...(byId.size > 0 ? shapes : []), ...colours]
}

function rowsOf(list: readonly Entry[], width: number): Entry[][] {
  const columns = Math.max(1, Math.floor((width - 2 * MARGIN) / ENTRY))
  return Array.from({ length: Math.ceil(list.length / columns) }, (_, row) =>
    list.slice(row * columns, (row + 1) * columns),
  )
}

function drawLegend(context: CanvasRenderingContext2D, { sheet, colouring, palette }: Drawing): void {
  const width = Math.max(320, sheet.width)
  const top = Math.max(40, sheet.height) + 8
  context.strokeStyle = palette.colours.line
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(0, top + 0.5)
  context.lineTo(width, top + 0.5)
  context.stroke()
  for (const [row, list] of rowsOf(entries(sheet, colouring), width).entries()) {
    for (const [column, entry] of list.entries()) {
      context.save()
      context.translate(MARGIN + column * ENTRY, top + 16 + row * LINE)
      context.save()
      entry.draw(context, palette)
      context.restore()
      context.font = `400 10px ${palette.font}`
      context.fillStyle = palette.colours.ink2
      context.fillText(entry.words, 34, 3.5)
      context.restore()
    }
  }
}
