/** Families take the seven colours in turn; from the eighth on they repeat, and a family is always also named. */
const FAMILY_COLOURS = 7

/** The colour of a family by its place, 0 for the first, as CSS; models without a relative are quiet. */
export function familyColour(place: number | undefined): string {
  return place === undefined ? 'var(--ctl)' : `var(--f${(place % FAMILY_COLOURS) + 1})`
}
