/** Every colour that the canvas draws with, by the name of its token. */
const TOKENS = [
  's0', 's2', 'ink1', 'ink2', 'ink3', 'line', 'ctl', 'accent', 'agree', 'contradict',
  'f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7',
  'q0', 'q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7', 'q8',
] as const // prettier-ignore

export type Token = (typeof TOKENS)[number]

export interface Palette {
  readonly colours: Readonly<Record<Token, string>>
  readonly font: string
}

/** The tokens as they are now; ask again when the theme has changed. A canvas knows no custom properties. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const colours = Object.fromEntries(TOKENS.map((token) => [token, style.getPropertyValue(`--${token}`).trim()]))
  return { colours: colours as Record<Token, string>, font: style.getPropertyValue('--font').trim() }
}
