// Paths in a 12 px box, to be stroked 1.25 px, round, without fill.
const MARKS: ReadonlyMap<string, string> = new Map([
  ['fine-tune', 'M6 2 10.5 10h-9z'],
  ['continued', 'M1.5 2.5 5 6 1.5 9.5M6.5 2.5 10 6 6.5 9.5'],
  ['lora', 'M1.75 1.75h2v8.5h-2zM6.25 1.75h4v2h-4z'],
  ['cast', 'M1.5 4h9M1.5 8h4.5'],
  ['quantized', 'M1 10h3.25V6.5H7.5V3H11'],
  ['pruned', 'M2.5 2.5l7 7M9.5 2.5l-7 7'],
  ['resized', 'M1.5 2.5h5M1.5 6h5M1.5 9.5h5M9.5 3.5v5M7 6h5'],
  ['layers-dropped', 'M1.5 2h9M1.5 10h9M2.5 6h.01M6 6h.01M9.5 6h.01'],
  ['merge', 'M1.5 2c4 0 3 4 9 4M1.5 10c4 0 3-4 9-4'],
  ['adapter', 'M6 1.25 10.75 6 6 10.75 1.25 6z'],
  ['copy', 'M1.5 4.25h9M1.5 7.75h9'],
  ['renamed', 'M1.5 1.5h6v6h-6zM4.5 4.5h6v6h-6z'],
])
const NEUTRAL = 'M6 3.25a2.75 2.75 0 1 1 0 5.5 2.75 2.75 0 0 1 0-5.5z'

/** The mark of a relation type; a small ring for a type that has none of its own. */
export function markOf(type: string): string {
  return MARKS.get(type) ?? NEUTRAL
}
