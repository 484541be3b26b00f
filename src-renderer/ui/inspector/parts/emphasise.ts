export interface Piece {
  readonly text: string
  /** True for one of the names. */
  readonly strong: boolean
  /** The mark right after a name, that must not begin a line. */
  readonly mark: string
}

/** Cuts a sentence at the names that it holds; a name inside a longer one is not taken for it. */
export function emphasise(sentence: string, names: readonly string[]): Piece[] {
  const known = names.filter(Boolean).toSorted((a, b) => b.length - a.length)
  if (known.length === 0) return [{ text: sentence, strong: false, mark: '' }]
  const name = new RegExp(`(?<![\\w/-])(${known.map(RegExp.escape).join('|')})(?![\\w/-]|\\.\\w)([.,:;]?)`, 'u')
  // Text, name and mark in turn.
  const parts = sentence.split(name)
  const pieces: Piece[] = []
  for (let index = 0; index < parts.length; index += 3) {
    pieces.push({ text: parts[index] ?? '', strong: false, mark: '' })
    pieces.push({ text: parts[index + 1] ?? '', strong: true, mark: parts[index + 2] ?? '' })
  }
  return pieces.filter(({ text }) => text !== '')
}
