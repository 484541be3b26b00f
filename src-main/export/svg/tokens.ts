/** The colours of a picture that stands alone: those of the window in the same theme. */
export interface Theme {
  readonly canvas: string
  readonly ink1: string
  readonly ink2: string
  readonly ink3: string
  readonly line: string
  readonly quiet: string
  /** Okabe-Ito hues, their lightness spread so that every pair stays apart with any colour vision. */
  readonly families: readonly string[]
}

export const THEMES = {
  light: {
    canvas: '#faf8f3',
    ink1: '#1e1c19',
    ink2: '#524e46',
    ink3: '#676257',
    line: '#dfdacd',
    quiet: '#857e70',
    families: ['#007c62', '#bd4300', '#2c93c6', '#b18210', '#b36b97', '#404000', '#56524b'],
  },
  dark: {
    canvas: '#141619',
    ink1: '#ebe8e1',
    ink2: '#b5b1a8',
    ink3: '#9b978f',
    line: '#2b3035',
    quiet: '#767c84',
    families: ['#10c48f', '#d9620f', '#0f92ba', '#fc9f14', '#c75b8b', '#f5e75c', '#dbd7ce'],
  },
} as const satisfies Record<string, Theme>

export type ThemeName = keyof typeof THEMES

/** The colour of a family by its place; from the eighth on they repeat (a family is always also named). */
export function familyColour({ families, quiet }: Theme, index: number): string {
  return families[index % families.length] ?? quiet
}

export const FONT = "'DejaVu Sans', Verdana, sans-serif"
export const TEXT_SIZE = { name: 11, small: 10 } as const

export interface SupportStyle {
  readonly least: number
  readonly words: string
  readonly width: number
  readonly dash: string | null
}

// Weight of the line first, then dashes, then dots.
const STRONGER: readonly SupportStyle[] = [
  { least: 0.95, words: '≥ 95 %', width: 2.25, dash: null },
  { least: 0.8, words: '80–94 %', width: 1.5, dash: null },
  { least: 0.5, words: '50–79 %', width: 1.25, dash: '6 3' },
]
const WEAKEST: SupportStyle = { least: 0, words: '< 50 %', width: 1.25, dash: '1.5 3' }

/** Every way to draw how sure a link is, strongest first. */
export const SUPPORT_STYLES: readonly SupportStyle[] = [...STRONGER, WEAKEST]

/** @param support how sure the link is, 0 to 1 */
export function supportStyle(support: number): SupportStyle {
  return STRONGER.find(({ least }) => support >= least) ?? WEAKEST
}
