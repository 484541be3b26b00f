import type { Graph, Relation } from '../contract/graph.ts'

const COLUMNS: readonly [string, (relation: Relation) => string | number | boolean | null][] = [
  ['parent', ({ parent }) => parent],
  ['child', ({ child }) => child],
  ['type', ({ type }) => type],
  ['directed', ({ directed }) => directed],
  ['support', ({ support }) => support],
  ['direction_support', ({ directionSupport }) => directionSupport],
  ['weight', ({ weight }) => weight],
  ['rank', ({ rank }) => rank],
  ['relative_change', ({ relativeChange }) => relativeChange],
  ['cosine', ({ cosine }) => cosine],
  ['reason', ({ reason }) => reason],
]

/** The relations as a table: RFC 4180 with a header, CRLF, UTF-8 without a byte order mark; null is an empty field. */
export function renderCsv(graph: Graph): string {
  const rows = graph.relations.map((relation) => COLUMNS.map(([, value]) => field(value(relation))))
  return [COLUMNS.map(([name]) => name), ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}

function field(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const text = guarded(value.toWellFormed())
  return /[",\r\n\t]|^'|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Spreadsheets run a text that begins with = + - @ (or a tab or line end before one) as a formula: such a text gets an
 * apostrophe before it, and so does one that begins with an apostrophe. To undo: drop one leading apostrophe.
 */
function guarded(text: string): string {
  return /^[=+\-@\t\r\n'＝＋－＠]/.test(text) ? `'${text}` : text
}
