export interface Piece {
  readonly text: string
  /** True for one of the names. */
  readonly strong: boolean
}

/** Cuts a sentence at the names that it holds; a name inside a longer one is not taken for it. */
export function emphasise(sentence: string, names: readonly string[]): Piece[] {
  const known = names.filter(Boolean).toSorted((a, b) => b.length - a.length)
  if (known.length === 0) return [{ text: sentence, strong: false }]
  const name = new RegExp(`(?<![\\w/-])(${known.map(RegExp.escape).join('|')})(?![\\w/-]|\\.\\w)`, 'u')
  return sentence
    .split(name)
    .map((text, index) => ({ text, strong: index % 2 === 1 }))
    .filter(({ text }) => text !== '')
}
