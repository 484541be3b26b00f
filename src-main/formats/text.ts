/** Strict UTF-8: undefined where the bytes are not; a byte order mark is kept as a character. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Index of the first byte that is not UTF-8; the length of `bytes` if all are. */
export function firstBadByte(bytes: Uint8Array): number {
  const repaired = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  const bad = bytes.findIndex((byte, index) => byte !== repaired[index])
  return bad === -1 ? bytes.length : bad
}

/** Bytes of UTF-8 before a position in a text, given in UTF-16 code units. */
export function utf8Offset(text: string, position: number): number {
  return new TextEncoder().encode(text.slice(0, position)).length
}

/** A name from a file, fit for one line of a message: quoted, shortened, invisible and text-reversing characters escaped. */
export function quote(name: string): string {
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name
  return JSON.stringify(shown).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}
