import { graphemes } from '../contract/characters.ts'

// East Asian wide and fullwidth blocks, and emoji: two cells in a terminal.
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|\ufe0f/u

// ASCII and the lines of the tree: what nearly every text here is made of.
const NARROW = /^[\u0020-\u007e\u2500-\u257f]*$/

/** Terminal cells that a text fills. */
export function cells(text: string): number {
  if (NARROW.test(text)) return text.length
  return graphemes(text).reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0)
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cells(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - cells(text))) + text
}

/** Breaks a sentence at spaces into lines of at most `width` cells; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && cells(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

type Style = 'plain' | 'strong' | 'quiet' | 'alert'
const CODES: Record<Style, string> = { plain: '', strong: '1', quiet: '2', alert: '33' }

export type Paint = (text: string, style: Style) => string

/** ANSI colours, or none. Spaces around a text are left bare, so that trailing blanks can be cut. */
export function painter(colour: boolean): Paint {
  return (text, style) => {
    const bare = text.trim()
    if (!colour || CODES[style] === '' || bare === '') return text
    return text.replace(bare, () => `\u001b[${CODES[style]}m${bare}\u001b[0m`)
  }
}
