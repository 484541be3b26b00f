import { tiles, type BatchResults, type Kernel, type PieceRequest } from './kernel.ts'

const patternsOf = ({ format, countsPatterns }: PieceRequest): number =>
  countsPatterns ? (format === 'TABLE' ? 256 : 65536) : 0

export const patterns: Kernel = {
  workgroups: (request) => (request.countsPatterns ? tiles(request) : 0),
  results: { field: 'patterns', words: patternsOf },
}

/** Adds the counts of a piece to those of the tensor, one for each pattern. */
export function addPatterns({ words }: BatchResults, at: number, counts: Float64Array): void {
  for (let pattern = 0; pattern < counts.length; pattern++) counts[pattern]! += words[at + pattern]!
}
