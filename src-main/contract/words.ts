import type { Graph, GraphModel, Relation } from './graph.ts'
import { visible } from './characters.ts'

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['copy', 'copy'],
  ['renamed', 'renamed copy'],
  ['cast', 'cast'],
  ['quantized', 'quantized'],
  ['pruned', 'pruned'],
  ['resized', 'resized'],
  ['layers-dropped', 'layers dropped'],
  ['merge', 'merge'],
  ['lora', 'LoRA'],
  ['fine-tune', 'fine-tune'],
  ['continued', 'continued'],
  ['adapter', 'adapter'],
])

/** At and above this share, support needs no number beside it. */
export const CERTAIN = 0.95

/** The word for a relation type; a type that is not known here keeps its own. */
export function typeWord(type: string): string {
  return TYPE_WORDS.get(type) ?? visible(type)
}

/** True where both ends hold the same numbers, so that "which came first" cannot be read from the weights. */
export function sameNumbers(relation: Relation): boolean {
  return !relation.directed && relation.directionSupport === null
}

/** How a model is called in what people read. Distinct models have distinct paths. */
export function modelName(model: GraphModel): string {
  if (model.kind === 'ghost') return `missing ancestor (${visible(model.id)})`
  if (model.path === '.') return 'this folder'
  return visible(model.path) || '(no name)'
}

/** A share from 0 to 1 in whole percent, rounded down: 100 % means no doubt. */
export function percent(share: number, space = ' '): string {
  return `${Math.floor(share * 100 + 1e-9)}${space}%`
}

/** Bytes in decimal units with three digits: "2.47 GB". */
export function size(bytes: number, space = ' '): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)}${space}${units[unit]}`
}

/** Whole numbers in groups of three, apart by a space that does not break: "1 203 765 248". */
export function grouped(value: number | bigint): string {
  return String(typeof value === 'bigint' ? value : Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u00a0')
}

/** "1 family", "2 families", "1 000 families". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`
}

/** What the graph holds, in one line. */
export function summary(graph: Graph): string {
  const present = graph.models.filter((model) => model.kind !== 'ghost')
  const ghosts = graph.models.length - present.length
  const families = new Set(graph.models.flatMap((model) => model.family ?? [])).size
  return [
    count(present.length, 'model'),
    count(families, 'family', 'families'),
    ...(ghosts > 0 ? [count(ghosts, 'missing ancestor')] : []),
    `${grouped(present.filter((model) => model.family === null).length)} unrelated`,
    count(graph.problems.length, 'problem'),
  ].join(', ')
}
