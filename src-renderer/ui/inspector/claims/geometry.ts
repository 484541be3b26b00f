import type { TangleEdge, TangleNode, TangleSide } from './tangle.ts'

/** px. */
export const ROW = 28
const EDGE = 20
const STEP = 26
const CORNER = 6
/** Between the trees and the curves: a verdict on the left, nothing on the right. */
const LABEL_GAP = 10
const VERDICT = 30
/** Part of the width that the curves have. */
const CURVES = 0.24
/** Shortest room for a name. */
const SHORTEST_NAME = 120

/** Where the parts of both sides stand, in px from the left. */
export interface Columns {
  readonly width: number
  /** Right end of the names on the left, middle of the verdicts, both ends of the curves, left end of the other names. */
  readonly declaredName: number
  readonly verdict: number
  readonly curveStart: number
  readonly curveEnd: number
  readonly recoveredName: number
}

export function columnsOf(width: number): Columns {
  const curves = Math.round(width * CURVES)
  const curveStart = Math.round((width - curves) / 2) + 10
  const curveEnd = curveStart + curves
  return {
    width,
    declaredName: curveStart - VERDICT,
    verdict: curveStart - 13,
    curveStart,
    curveEnd,
    recoveredName: curveEnd + LABEL_GAP,
  }
}

/** How both sides are placed: the oldest at the outer edges. */
export interface SidePlaces {
  x(node: TangleNode): number
  y(node: TangleNode): number
  /** Room for the name of a node. */
  room(node: TangleNode): number
}

export function placesOf(side: TangleSide, columns: Columns, declared: boolean): SidePlaces {
  const inner = declared ? columns.declaredName : columns.width - columns.recoveredName
  const step = Math.min(STEP, (inner - EDGE - SHORTEST_NAME) / Math.max(1, side.depth))
  const fromEdge = ({ depth }: TangleNode): number => EDGE + depth * Math.max(4, step)
  return {
    x: (node) => (declared ? fromEdge(node) : columns.width - fromEdge(node)),
    y: ({ row }) => ROW / 2 + row * ROW,
    room: (node) => inner - fromEdge(node) - LABEL_GAP - 8,
  }
}

/** Up or down from the parent, round a corner and across to the child. */
export function edgePath({ parent, child }: TangleEdge, places: SidePlaces): string {
  const [x, y] = [places.x(parent), places.y(parent)]
  const [toX, toY] = [places.x(child), places.y(child)]
  const down = Math.sign(toY - y)
  const across = Math.sign(toX - x) || 1
  const radius = Math.min(CORNER, Math.abs(toX - x), Math.abs(toY - y))
  return `M${x} ${y + 5 * down}V${toY - radius * down}q0 ${radius * down} ${radius * across} ${radius * down}H${toX - 6 * across}`
}

/** From a model on the left to the same one on the right. */
export function curvePath(y: number, toY: number, { curveStart, curveEnd }: Columns): string {
  const bend = (curveEnd - curveStart) * 0.34
  return `M${curveStart} ${y}C${curveStart + bend} ${y} ${curveEnd - bend} ${toY} ${curveEnd} ${toY}`
}
