import type { Graph, Problem, Verdict, VerdictKind } from '../contract/graph.ts'
import { cutMiddle, visible } from '../contract/characters.ts'
import { blocksOf, type Block, type Row } from './rows.ts'
import { cells, padEnd, padStart, painter, wrap, type Paint } from './terminal.ts'
import { summary } from '../contract/words.ts'

export interface TextOptions {
  /** Width of the terminal in cells; without it lines are as long as they need. */
  readonly columns?: number
  /** ANSI colours. Nothing is said by colour alone. */
  readonly colour?: boolean
}

const GAP = 2
const NARROWEST_NAME = 16
const DETAILS = ['relation', 'support', 'direction', 'dtype', 'size'] as const
type Detail = (typeof DETAILS)[number]
const FLUSH_RIGHT: ReadonlySet<Detail> = new Set(['support', 'direction', 'size'])
// The first to go where the terminal is narrow.
const EXPENDABLE: readonly Detail[] = ['dtype', 'size', 'direction', 'support']

interface Grid {
  readonly name: number
  readonly details: readonly { readonly key: Detail; readonly width: number }[]
}

/** The forest for a terminal: a block for each family, columns aligned across all of them, problems last. */
export function renderText(graph: Graph, { columns = Infinity, colour = false }: TextOptions = {}): string {
  const paint = painter(colour)
  const blocks = blocksOf(graph)
  const grid = gridFor(blocks, columns)
  const parts = [
    wrap(summary(graph), columns).map((line) => paint(line, 'strong')),
    ...blocks.map((block) => blockLines(block, grid, paint)),
    verdictLines(graph.verdicts, columns, paint),
    notes(blocks, columns).map((line) => paint(line, 'quiet')),
    problemLines(graph.problems, columns, paint),
  ]
  const lines = parts.filter((part) => part.length > 0).map((part) => part.map((line) => line.trimEnd()).join('\n'))
  return `${lines.join('\n\n')}\n`
}

function gridFor(blocks: readonly Block[], columns: number): Grid {
  const rows = blocks.flatMap((block) => block.rows)
  let details = DETAILS.filter((key) => rows.some((row) => row[key] !== '')).map((key) => ({
    key,
    width: Math.max(key.length, ...rows.map((row) => cells(row[key]))),
  }))
  const room = (): number => columns - details.reduce((sum, { width }) => sum + GAP + width, 0)
  const wanted = Math.max(
    NARROWEST_NAME,
    ...blocks.map((block) => cells(block.title)),
    ...rows.map((row) => cells(row.lines + row.name)),
  )
  for (const key of EXPENDABLE) {
    if (room() >= Math.min(wanted, NARROWEST_NAME * 2)) break
    details = details.filter((detail) => detail.key !== key)
  }
  return { name: Math.max(NARROWEST_NAME, Math.min(wanted, room())), details }
}

function blockLines({ title, rows }: Block, grid: Grid, paint: Paint): string[] {
  const body = rows.map((row) => rowLine(row, grid, paint))
  const linked = rows.some((row) => row.support !== '')
  if (!linked || cells(title) > grid.name) return [paint(title, 'strong'), ...body]
  const heads = grid.details.map((detail) => paint(set(detail.key, detail), 'quiet'))
  return [[paint(padEnd(title, grid.name), 'strong'), ...heads].join(' '.repeat(GAP)), ...body]
}

function rowLine(row: Row, grid: Grid, paint: Paint): string {
  const name = cutMiddle(row.name, Math.max(1, grid.name - cells(row.lines)), cells)
  const details = grid.details.map((detail) => {
    const quiet = detail.key === 'dtype' || detail.key === 'size'
    const weak = row.weak && detail.key === 'support'
    return paint(set(row[detail.key], detail), weak ? 'alert' : quiet ? 'quiet' : 'plain')
  })
  return [paint(row.lines, 'quiet') + padEnd(name, grid.name - cells(row.lines)), ...details].join(' '.repeat(GAP))
}

function set(text: string, { key, width }: { key: Detail; width: number }): string {
  return FLUSH_RIGHT.has(key) ? padStart(text, width) : padEnd(text, width)
}

function notes(blocks: readonly Block[], columns: number): string[] {
  const rows = blocks.flatMap((block) => block.rows)
  const sentences = [
    ...(rows.some((row) => row.support !== '')
      ? ['Support: how sure a link is against all others that could take its place; direction: shown where below 95 %.']
      : []),
    ...(rows.some((row) => row.relation.startsWith('~'))
      ? ['~  not directed: which of the two came first is not in the weights.']
      : []),
  ]
  return sentences.flatMap((sentence) => wrap(sentence, columns))
}

const VERDICT_WORDS: Readonly<Record<VerdictKind, string>> = {
  'same-run': 'Checkpoints of one run',
  'same-initialisation': 'Same initialisation, no descent',
}

function verdictLines(verdicts: readonly Verdict[], columns: number, paint: Paint): string[] {
  return verdicts.flatMap(({ kind, models }) => {
    const names = wrap(models.map(visible).join(kind === 'same-run' ? ' → ' : ', '), columns - GAP)
    return [paint(VERDICT_WORDS[kind], 'strong'), ...names.map((line) => ' '.repeat(GAP) + line)]
  })
}

function problemLines(problems: readonly Problem[], columns: number, paint: Paint): string[] {
  if (problems.length === 0) return []
  const lines = problems.flatMap(({ path, code, message, offset }) => {
    const place = offset === undefined ? '' : ` (at byte ${offset})`
    const sentence = wrap(visible(message) + place, columns - GAP).map((line) => ' '.repeat(GAP) + line)
    const file = cutMiddle(visible(path), columns - cells(code) - GAP, cells)
    return [`${file}${' '.repeat(GAP)}${paint(code, 'alert')}`, ...sentence]
  })
  return [paint('Problems', 'strong'), ...lines]
}
