import { cutMiddle } from '../../../../src-main/contract/characters.ts'
import { GRID } from '../layout/positions.ts'
import type { Scene } from './scene.ts'

const BASELINE = 16
/** On the screen, px: titles stay readable when the forest is small. */
const TITLE = 11
const NARROWEST = 40
/** Below this zoom there is no room for titles above the rows. */
const SMALL = 0.65

/** The hairlines between blocks, one px whatever the zoom. */
export function drawRules({ context, sheet, palette, camera, sight }: Scene): void {
  context.strokeStyle = palette.colours.line
  context.lineWidth = 1 / camera.k
  context.beginPath()
  for (const { x, y, ruleAbove, ruleLeft } of sheet.blocks) {
    const left = x - GRID.margin
    if (ruleAbove !== null) {
      // From the first column on, the line goes to the border of the pane.
      const start = left <= 0 ? Math.min(left, sight[0]) : left - GRID.margin / 2
      context.moveTo(start, crisp(y, camera.k))
      context.lineTo(Math.min(left + ruleAbove, Math.max(sight[2], sheet.width)), crisp(y, camera.k))
    }
    if (ruleLeft !== null) {
      const at = crisp(left - GRID.margin / 2, camera.k)
      context.moveTo(at, y === 0 ? Math.min(y, sight[1]) : y)
      context.lineTo(at, Math.min(y + ruleLeft, Math.max(sight[3], sheet.height)))
    }
  }
  context.stroke()
}

function crisp(value: number, k: number): number {
  return (Math.round(value * k) + 0.5) / k
}

/** Names of the families and how many models they hold. */
export function drawTitles({ context, sheet, palette, camera, sight }: Scene, density: number): void {
  const { x: offsetX, y: offsetY, k } = camera
  const scale = Math.max(1, k)
  context.save()
  context.setTransform(density, 0, 0, density, 0, 0)
  context.textBaseline = 'alphabetic'
  context.strokeStyle = palette.colours.s0
  context.lineWidth = 4
  context.lineJoin = 'round'
  for (const { x, y, width, height, title, note, ...block } of sheet.blocks) {
    if (x > sight[2] || x + width < sight[0] || y > sight[3] || y + height < sight[1]) continue
    const room = Math.min(block.room, Math.max(width, sight[2] - x)) * k
    const left = x * k + offsetX
    if (room < NARROWEST || height * k < 2 * TITLE) continue
    // Of a small forest the titles stand over the lines, with some ground around them.
    const small = k < SMALL
    const baseline = small ? y * k + offsetY + TITLE : (y + BASELINE) * k + offsetY
    context.font = `600 ${TITLE * scale}px ${palette.font}`
    const text = cutMiddle(title, room, (part) => context.measureText(part).width)
    context.fillStyle = palette.colours.ink1
    if (small) context.strokeText(text, left, baseline)
    context.fillText(text, left, baseline)
    const end = left + context.measureText(text).width + 8 * scale
    context.font = `400 ${TITLE * scale}px ${palette.font}`
    if (end + context.measureText(note).width > left + room + 1 && k < 1) continue
    context.fillStyle = palette.colours.ink3
    if (small) context.strokeText(note, end, baseline)
    context.fillText(note, end, baseline)
  }
  context.restore()
}
