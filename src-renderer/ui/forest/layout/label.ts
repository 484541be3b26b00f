import { cutMiddle, visible } from '../../../../src-main/contract/characters.ts'
import { CERTAIN, count, grouped, modelName, percent, size } from '../../../../src-main/contract/words.ts'
import type { Branch } from '../../../../src-main/export/forest.ts'
import type { Label } from '../../../../src-main/export/svg/label.ts'
import type { Measure } from '../../../../src-main/export/svg/measure.ts'
import { words } from '../words.ts'
import { counted } from './runs.ts'
import type { Folded } from './trees.ts'

const NBSP = '\u00a0'

/** px. `gap`: between name, size and support; `run`: more room beside a run of checkpoints. */
export const LABEL = { gap: 6, run: 4, longestName: 240, longestShare: 72 } as const

/** Sizes of the two kinds of text in px. */
export interface TextSize {
  readonly name: number
  readonly small: number
}

/** Low rows take smaller names. */
export function textSize(rowHeight: number): TextSize {
  return { name: rowHeight < 14 ? 10 : 11, small: 10 }
}

/** What stands right of a node: its name, its size or what it was merged from, and support where it is not certain. */
export function labelOf(
  branch: Branch,
  folded: Folded,
  names: ReadonlyMap<string, string>,
  text: TextSize,
  measure: Measure,
): Label {
  const links = branch.link ? [branch.link, ...branch.others] : []
  const name = cutMiddle(nameOf(branch, folded), LABEL.longestName, (part) => measure(part, text.name, 400))
  const away = folded.hidden.length > 0 ? ` +${grouped(folded.hidden.length)}` : ''
  const detail = detailOf(branch, folded, links, names, (part) => measure(part, text.small, 400)) + away
  const least = Math.min(...links.map(({ support }) => support))
  const support = least < CERTAIN ? percent(least, NBSP) : ''
  const x = folded.members.length > 1 ? LABEL.run : 0
  const end = [detail, support].reduce(
    (edge, part) => (part === '' ? edge : edge + LABEL.gap + measure(part, text.small, 400)),
    x + measure(name, text.name, 400),
  )
  return { x, name, detail, support, end }
}

function nameOf({ model }: Branch, { last }: Folded): string {
  if (model.kind === 'ghost') return words.ghost
  const number = last && counted(last.path)?.number
  if (number === null || number === undefined) return modelName(model)
  const first = modelName(model)
  const file = first.slice(first.lastIndexOf('/') + 1)
  return `${/\d/.test(file) ? file : first} … ${number}`
}

function detailOf(
  { model, children }: Branch,
  { members, hidden }: Folded,
  links: readonly { parent: string; weight: number | null }[],
  names: ReadonlyMap<string, string>,
  measure: (text: string) => number,
): string {
  if (model.kind === 'ghost') return words.inferred(children.length || hidden.length)
  if (members.length > 1) return count(members.length, 'checkpoint')
  if (links.length < 2) return size(model.bytes, NBSP)
  const parents = shortNames(links.map(({ parent }) => names.get(parent) ?? visible(parent)))
  return links
    .map(({ weight }, place) => {
      const name = cutMiddle(parents[place] ?? '', LABEL.longestShare, measure)
      return weight === null ? name : `${Number(weight.toFixed(2))} ${name}`
    })
    .join(' + ')
}

/** Names without the parts that they all begin with: llama-med and llama-law are med and law. */
export function shortNames(names: readonly string[]): readonly string[] {
  const parts = names.map((name) => name.split(/(?<=[-_./ ])/))
  const shortest = Math.min(...parts.map(({ length }) => length)) - 1
  let same = 0
  while (same < shortest && parts.every((list) => list[same] === parts[0]?.[same])) same++
  return parts.map((list) => list.slice(same).join(''))
}
