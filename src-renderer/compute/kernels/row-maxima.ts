import { SEGMENT } from '../layout.ts'
import { threads, type BatchResults, type Kernel, type PieceRequest } from './kernel.ts'

export const rowMaxima: Kernel = {
  workgroups: ({ sampledRows, piece }) => threads(sampledRows.length * Math.ceil(piece.columns / SEGMENT)),
  results: { field: 'rowMaxima', words: ({ sampledRows }) => sampledRows.length },
}

/** Raises the maxima of the tensor, from one place on, to those of a piece. */
export function raiseMaxima(
  { floats }: BatchResults,
  at: number,
  { sampledRows }: Pick<PieceRequest, 'sampledRows'>,
  maxima: Float32Array,
  first: number,
): void {
  for (let i = 0; i < sampledRows.length; i++) maxima[first + i] = Math.max(maxima[first + i]!, floats[at + i]!)
}
