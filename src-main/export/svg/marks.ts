// Paths in a 12 px box, to be stroked 1.25 px, round, without fill.
const MARKS: ReadonlyMap<string, string> = new Map([
  ['fine-tune', 'M6 2 10.5 10h-9z'],
  ['lora', 'M1.75 1.75h2v8.5h-2zM6.25 1.75h4v2h-4z'],
  ['cast', 'M1.5 4h9M1.5 8h4.5'],
  ['copy', 'M1.5 4.25h9M1.5 7.75h9'],
  ['renamed', 'M1.5 1.5h6v6h-6zM4.5 4.5h6v6h-6z'],
])
const NEUTRAL = 'M6 3.25a2.75 2.75 0 1 1 0 5.5 2.75 2.75 0 0 1 0-5.5z'

/** The mark of a relation type; a small ring for a type that has none of its own. */
export function markOf(type: string): string {
  return MARKS.get(type) ?? NEUTRAL
}
