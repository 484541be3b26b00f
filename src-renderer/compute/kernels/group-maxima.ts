import { threads, type BatchResults, type Kernel, type PieceRequest } from './kernel.ts'

export const groupMaxima: Kernel = {
  workgroups: ({ positions }) => threads(positions.length),
  results: { field: 'groupMaxima', words: ({ positions }) => 3 * positions.length },
}

/** Raises the maxima of the tensor, one array for each size of group, from one place on, to those of a piece. */
export function raiseGroupMaxima(
  { floats }: BatchResults,
  at: number,
  { positions }: Pick<PieceRequest, 'positions'>,
  maxima: readonly Float32Array[],
  first: number,
): void {
  for (let i = 0; i < positions.length; i++) {
    maxima.forEach((group, size) => {
      group[first + i] = Math.max(group[first + i]!, floats[at + 3 * i + size]!)
    })
  }
}
