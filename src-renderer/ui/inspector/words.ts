import { claimsWords } from './words/claims.ts'
import { layersWords } from './words/layers.ts'
import { panelsWords } from './words/panels.ts'
import { relationWords } from './words/relation.ts'

/** What inspector, layers, and declared against recovered say. */
export const words = {
  region: 'Inspector',
  ...panelsWords,
  ...relationWords,
  ...layersWords,
  ...claimsWords,
} as const
