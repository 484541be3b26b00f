// Characters that draw nothing, move a cursor or turn the reading direction. Zero-width joiners stay: emoji need them.
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]/gu
const FORBIDDEN_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/**
 * A name as it may be shown: control characters become their pictures (U+2400 to U+2421), other unseen characters and
 * lone surrogates U+FFFD, so that a file name can neither move the cursor nor turn the text round.
 */
export function visible(text: string): string {
  return text.toWellFormed().replace(UNSEEN, picture)
}

/** Text for XML 1.0: markup escaped, characters that XML cannot hold even escaped replaced as in `visible`. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN_IN_XML, picture)
    .replace(/[&<>"'\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}

/** Unicode's own idea of one character: what a reader sees as one. */
export function graphemes(text: string): string[] {
  return Array.from(SEGMENTER.segment(text), ({ segment }) => segment)
}

const SEGMENTER = new Intl.Segmenter('en')

/**
 * Cuts a name in the middle so that `measure` of it is at most `width`: a path keeps its first folder and its file name
 * where that fits, any other name more of its tail than of its head. Never cuts below one character beside the ellipsis.
 */
export function cutMiddle(text: string, width: number, measure: (text: string) => number): string {
  if (measure(text) <= width) return text
  const parts = text.split('/')
  const short = `${parts[0]}/…/${parts.at(-1)}`
  if (parts.length > 2 && measure(short) <= width) return short
  const all = graphemes(text)
  const keep = (count: number): string => {
    const head = Math.floor(count * 0.4)
    return [...all.slice(0, head), '…', ...all.slice(all.length - (count - head))].join('')
  }
  let low = 1
  let high = Math.max(1, all.length - 1)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (measure(keep(middle)) <= width) low = middle
    else high = middle - 1
  }
  return keep(low)
}
