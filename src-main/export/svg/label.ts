import type { GraphModel, Relation } from '../../contract/graph.ts'
import { cutMiddle } from '../../contract/characters.ts'
import { CERTAIN, modelName, percent, size } from '../../contract/words.ts'
import type { Measure } from './measure.ts'
import { TEXT_SIZE } from './tokens.ts'

/** What stands right of a node: its name, its size, the shares of a merge, and support where it is not certain. */
export interface Label {
  readonly x: number
  /** Cut in the middle where it is long. */
  readonly name: string
  readonly detail: string
  /** Empty where support is at least 95 %. */
  readonly support: string
  /** Right end in px, as measured. */
  readonly end: number
}

/** Between the parts of a label: spaces, so that copied text keeps its words apart. */
export const LABEL_GAP = '\u00a0\u00a0'
/** px. */
export const LONGEST_NAME = 320
const LONGEST_PARENT = 120

/** @param links the relations to the parents, heaviest first; none at the top of a tree */
export function labelFor(
  model: GraphModel,
  links: readonly Relation[],
  x: number,
  names: ReadonlyMap<string, string>,
  measure: Measure,
): Label {
  const name = cutMiddle(modelName(model), LONGEST_NAME, (text) => measure(text, TEXT_SIZE.name, 400))
  const bytes = model.kind === 'ghost' ? 'in no file' : size(model.bytes, '\u00a0')
  const detail = links.length > 1 ? shares(links, names, measure) : bytes
  const least = Math.min(...links.map(({ support }) => support))
  const support = least < CERTAIN ? percent(least, '\u00a0') : ''
  const small = [detail, support].filter((part) => part !== '')
  const end = small.reduce(
    (edge, part) => edge + measure(LABEL_GAP + part, TEXT_SIZE.small, 400),
    x + measure(name, TEXT_SIZE.name, 400),
  )
  return { x, name, detail, support, end }
}

/** Right end in px of a block's title with its note. */
export function titleEnd(title: string, note: string, measure: Measure): number {
  return measure(title, TEXT_SIZE.name, 600) + measure(LABEL_GAP + note, TEXT_SIZE.name, 400)
}

function shares(links: readonly Relation[], names: ReadonlyMap<string, string>, measure: Measure): string {
  const small = (text: string): number => measure(text, TEXT_SIZE.small, 400)
  return links
    .map(({ parent, weight }) => {
      const name = cutMiddle(names.get(parent) ?? parent, LONGEST_PARENT, small)
      return weight === null ? name : `${weight.toFixed(2)} ${name}`
    })
    .join(' + ')
}
