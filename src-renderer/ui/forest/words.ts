import { count } from '../../../src-main/contract/words.ts'
import type { Colour, Layout } from '../stores/view.ts'

/** What the forest says. */
export const words = {
  ghost: 'missing ancestor',
  inferred: (children: number) => `inferred from ${count(children, 'child', 'children')}`,
  unrelated: 'No relative found',
  unrelatedSoFar: 'No relative so far',
  soFar: 'so far',
  sameNumbers: 'same numbers',
  directionUnknown: 'direction unknown',
  ghosts: (ghosts: number) => count(ghosts, 'ghost'),
  branches: 'Branches',
  layouts: { change: 'Change', steps: 'Steps', 'top-down': 'Top down', radial: 'Radial' } satisfies Record<Layout, string>,
  colour: 'Colour',
  colours: {
    family: 'Family',
    type: 'Type',
    support: 'Support',
    dtype: 'Data type',
    size: 'Size',
    agreement: 'Claims',
  } satisfies Record<Colour, string>,
} as const
