import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as v from 'valibot'

const Length = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000))
const Place = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000))

const WindowState = v.object({
  version: v.literal(1),
  x: v.exactOptional(Place),
  y: v.exactOptional(Place),
  width: v.fallback(Length, 1280),
  height: v.fallback(Length, 800),
  maximized: v.fallback(v.boolean(), false),
})
export type WindowState = v.InferOutput<typeof WindowState>

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Enough of the title bar to be dragged by. */
const GRASP = 64

/** Where the window was when it was last closed; the default where that is not known or not readable. */
export function readWindowState(file: string, screens: readonly Area[]): WindowState {
  const state = v.safeParse(WindowState, parse(file))
  if (!state.success) return { version: 1, width: 1280, height: 800, maximized: false }
  const { x, y, ...size } = state.output
  // A screen that is gone would hide the window.
  return x !== undefined && y !== undefined && isSeen({ x, y }, size, screens) ? { ...size, x, y } : size
}

export function writeWindowState(file: string, state: WindowState): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(state))
}

function isSeen(at: { x: number; y: number }, { width }: { width: number }, screens: readonly Area[]): boolean {
  return screens.some(
    (screen) =>
      at.y >= screen.y &&
      at.y <= screen.y + screen.height - GRASP &&
      at.x + width >= screen.x + GRASP &&
      at.x <= screen.x + screen.width - GRASP,
  )
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
