import { GRID, type Sheet } from '../layout/positions.ts'
import { scaleOf, type Space } from '../layout/pack.ts'
import type { Camera } from './scene.ts'

export const ZOOM = { least: 0.04, most: 4, step: 1.25 } as const

/** Smaller than this, names cannot be read. */
const READABLE = 0.75
const MARGIN = 4
/** What a sheet that is shrunk to nothing would lose of its own margin on each side, px. */
const SIDE = 12

/** All of the sheet, never enlarged. */
export function fit(sheet: Sheet, space: Space): Camera {
  const within = { ...space, height: space.height - MARGIN }
  const lost = SIDE * (1 - scaleOf(sheet, within))
  const k = scaleOf(sheet, { ...within, width: space.width - 2 * lost })
  return { x: lost, y: 0, k: Math.max(ZOOM.least, k) }
}

/** Where a forest is first seen: all of it where that can be read, else the beginning of the first family at 100 %. */
export function home(sheet: Sheet, space: Space): Camera {
  const all = fit(sheet, space)
  const [block] = sheet.blocks
  if (all.k >= READABLE || !block) return all
  const root = block.nodes.find(({ parent }) => parent === null) ?? { x: 0, y: 0, turn: 0 }
  const width = space.width - (space.corner?.width ?? 0)
  return {
    x: middle(root.x, block.x + block.width, width),
    y: root.turn === 0 ? 0 : middle(root.y, block.y + block.height, space.height),
    k: 1,
  }
}

/** Puts a point in the middle of the room, but leaves no room before the beginning, nor after the end. */
function middle(point: number, end: number, room: number): number {
  return Math.min(0, Math.max(room - end, room / 2 - point))
}

/** Moved by as little as it takes to see a node, if that is not to be seen. */
export function reveal(camera: Camera, sheet: Sheet, id: string, space: Space): Camera {
  const node = sheet.byId.get(id)
  if (!node) return camera
  const [x, y] = [node.x * camera.k + camera.x, node.y * camera.k + camera.y]
  // The root of a forest at its home stands within it.
  const edge = GRID.margin
  const room = Math.min(space.width / 2, (node.label.end + 24) * camera.k)
  const dx = x < edge ? edge - x : x > space.width - room ? space.width - room - x : 0
  const dy = y < edge ? edge - y : y > space.height - edge ? space.height - edge - y : 0
  return dx === 0 && dy === 0 ? camera : { ...camera, x: camera.x + dx, y: camera.y + dy }
}

/**
 * Moved so that a node stands on the screen where it stood on the sheet before: the preferred one if it was in sight, else
 * the one nearest to the middle.
 */
export function keepInPlace(
  camera: Camera,
  before: Sheet,
  after: Sheet,
  preferred: string | null,
  space: Space,
): Camera {
  const fromMiddle = ({ x, y }: { x: number; y: number }): number =>
    Math.hypot(x * camera.k + camera.x - space.width / 2, y * camera.k + camera.y - space.height / 2)
  const stay = before.nodes.filter(({ model }) => after.byId.has(model.id))
  const nearest = stay.reduce<(typeof stay)[number] | null>(
    (best, node) => (best && fromMiddle(best) <= fromMiddle(node) ? best : node),
    null,
  )
  const chosen = before.byId.get(preferred ?? '')
  const isSeen = chosen && reveal(camera, before, chosen.model.id, space) === camera && after.byId.has(chosen.model.id)
  const anchor = isSeen ? chosen : nearest
  const now = anchor && after.byId.get(anchor.model.id)
  if (!now) return camera
  return { ...camera, x: camera.x + (anchor.x - now.x) * camera.k, y: camera.y + (anchor.y - now.y) * camera.k }
}

/** So that some of the sheet is always in sight. */
export function held({ x, y, k }: Camera, sheet: Pick<Sheet, 'width' | 'height'>, space: Space): Camera {
  const keep = 80
  return {
    x: Math.min(space.width - keep, Math.max(keep - sheet.width * k, x)),
    y: Math.min(space.height - keep, Math.max(keep - sheet.height * k, y)),
    k,
  }
}
