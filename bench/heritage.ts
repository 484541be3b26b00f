// Our method and the published one side by side, on populations with known trees: npm run bench:heritage -- ZOO_DIR
// ZOO_DIR holds one folder per population, with models/ and truth.json; the scorer is score.mjs two folders above.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Graph } from '../src-main/contract/graph.ts'
import { openPool } from '../src-main/engine/pool.ts'
import { recoverFolder } from '../src-main/engine/recover-folder.ts'
import type { MotherOptions } from '../src-main/heritage/mother/types.ts'
import { openLibrary } from '../src-main/library/open.ts'

interface Truth {
  readonly nodes: readonly { id: string; tree: number; hidden: boolean }[]
  readonly edges: readonly { child: string; type: string }[]
}

/** Of what the scorer reports, what is shown. */
interface Score {
  readonly families: number
  readonly links: { hit: number; total: number }
  readonly directed: { f1: number }
  readonly types: { hit: number; of: number }
  readonly merges: { hit: number; total: number }
  readonly ghosts: { hit: number; total: number; claimed: number }
}

interface Outcome {
  readonly graph: Graph
  readonly seconds: number
  readonly bytesRead: number
}

/** What else our own method is measured by: the bytes it reads when the largest model is new and all others are known. */
interface OwnOutcome extends Outcome {
  readonly bytesForOneMore: number
}

const zoo = process.argv[2]
if (zoo === undefined) {
  console.error('usage: npm run bench:heritage -- ZOO_DIR')
  process.exit(2)
}
const scorer = join(zoo, '..', '..', 'score.mjs')
const place = mkdtempSync(join(tmpdir(), 'heirloom-bench-'))

let libraries = 0

/** A new library each time: every model is read. */
function requestFor(split: string): Parameters<typeof recoverFolder>[0] {
  const library = openLibrary(join(place, `${libraries++}.db`), () => undefined)
  return { folders: [join(zoo!, split, 'models')], library, openPool: () => openPool(availableParallelism()) }
}

async function recover(split: string): Promise<OwnOutcome> {
  const request = requestFor(split)
  try {
    const started = performance.now()
    const { scan, graph, bytesReadAgain } = await recoverFolder(request)
    const seconds = (performance.now() - started) / 1000
    const [largest] = request.library.list().toSorted((a, b) => b.bytes - a.bytes)
    request.library.forget(largest!.location)
    const again = await recoverFolder(request)
    const bytesForOneMore = again.scan.stats.bytesRead + again.bytesReadAgain
    return { graph, seconds, bytesRead: scan.stats.bytesRead + bytesReadAgain, bytesForOneMore }
  } finally {
    request.library.close()
  }
}

/** Of the published method only its own reading counts, not the scan. */
async function recoverByMother(split: string, options: MotherOptions): Promise<Outcome> {
  const request = requestFor(split)
  const { graph, reading } = await recoverFolder(request, options).finally(() => request.library.close())
  return { graph, ...reading! }
}

function score(split: string, graph: Graph): Score {
  const file = join(place, `${split}.json`)
  writeFileSync(file, JSON.stringify(graph))
  const truth = join(zoo!, split, 'truth.json')
  return JSON.parse(execFileSync(process.execPath, [scorer, truth, file, '--json'], { encoding: 'utf8' })) as Score
}

/** Trees that are there to be found among the models; adapters are compared by neither method. */
function countTrees(split: string): number {
  const truth = JSON.parse(readFileSync(join(zoo!, split, 'truth.json'), 'utf8')) as Truth
  const adapters = new Set(truth.edges.flatMap(({ child, type }) => (type === 'adapter' ? [child] : [])))
  return new Set(truth.nodes.flatMap(({ id, tree, hidden }) => (hidden || adapters.has(id) ? [] : [tree]))).size
}

function row(name: string, method: string, { graph, seconds, bytesRead }: Outcome, own?: OwnOutcome): string[] {
  const { families, links, directed, types, merges, ghosts } = score(name, graph)
  return [
    name,
    method,
    directed.f1.toFixed(3),
    `${links.hit}/${links.total}`,
    families.toFixed(3),
    `${types.hit}/${types.of}`,
    `${merges.hit}/${merges.total}`,
    `${ghosts.hit}/${ghosts.total} of ${ghosts.claimed}`,
    seconds.toFixed(1),
    (bytesRead / 1e6).toFixed(1),
    own ? (bytesRead / own.bytesRead).toFixed(2) : '',
    own ? (bytesRead / own.bytesForOneMore).toFixed(1) : '',
  ]
}

const table = [
  ['split', 'method', 'directed', 'links', 'ARI', 'types', 'merges', 'ghosts', 's', 'MB read', 'ratio', 'one more'],
]
try {
  for (const split of readdirSync(zoo).sort()) {
    if (!existsSync(join(zoo, split, 'truth.json'))) continue
    const ours = await recover(split)
    table.push(row(split, 'heirloom', ours))
    const options: MotherOptions = { trees: countTrees(split), stage: 'specialization' }
    for (const [method, held] of [
      ['mother', {}],
      ['mother, one matrix held', { heldElements: 1 }],
      ['mother, both models of each pair', { heldElements: 0 }],
    ] as const) {
      table.push(row(split, method, await recoverByMother(split, { ...options, ...held }), ours))
    }
  }
} finally {
  rmSync(place, { recursive: true })
}
const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)))
const lines = table.map((cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`)
lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
console.log(lines.join('\n'))
