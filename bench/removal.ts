// What is recovered when a model is missing: npm run bench:removal -- ZOO_DIR
// ZOO_DIR holds one folder per population, with models/ and truth.json. Each interior model is taken away in turn, and its
// family recovered from the fingerprints of the others, which are measured once.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { openPool } from '../src-main/engine/pool.ts'
import { scan } from '../src-main/engine/scan.ts'
import { recoverHeritage } from '../src-main/heritage/recover.ts'
import type { HeritageModel } from '../src-main/heritage/types.ts'
import { openLibrary } from '../src-main/library/open.ts'

interface Node {
  readonly id: string
  readonly tree: number
  readonly hidden: boolean
}

interface Edge {
  readonly parent: string
  readonly child: string
  readonly type: string
  readonly role?: string
}

interface Truth {
  readonly nodes: readonly Node[]
  readonly edges: readonly Edge[]
}

/** What one removal led to. */
interface Outcome {
  readonly removed: string
  /** Whether three or more models that are there were its neighbours: fewer cannot show it. */
  readonly findable: boolean
  readonly found: boolean
  readonly falseGhosts: number
  readonly falseMerges: number
  /** Directed links between two of its neighbours. */
  readonly bridges: number
  /** Directed links that are not in the truth, these included. */
  readonly falseLinks: number
  /** Those of them with a support of at least .95, and how many of these name an ancestor: only the missing model is left out. */
  readonly sureFalseLinks: number
  readonly sureAncestors: number
  /** Directed links that are in the truth, and those with a support of at least .95. */
  readonly trueLinks: number
  readonly sureTrueLinks: number
}

const SURE = 0.95

const SMALLEST_FAMILY = 5
/** A ghost is the missing model if its neighbours are: Jaccard index of the two sets. */
const SAME_NEIGHBOURS = 0.5
const EQUAL_NUMBERS: ReadonlySet<string> = new Set(['copy', 'rename'])

const zoo = process.argv[2]
if (zoo === undefined) {
  console.error('usage: npm run bench:removal -- ZOO_DIR')
  process.exit(2)
}

async function measure(split: string): Promise<Map<string, HeritageModel>> {
  const place = mkdtempSync(join(tmpdir(), 'heirloom-removal-'))
  const library = openLibrary(join(place, 'library.db'), () => undefined)
  try {
    const folders = [join(zoo!, split, 'models')]
    const { models } = await scan({ folders, library, openPool: () => openPool(availableParallelism()) })
    return new Map(
      models.flatMap(({ path, location }): [string, HeritageModel][] => {
        const stored = library.load(location)
        return stored?.kind === 'model' ? [[basename(path), { id: basename(path), tensors: stored.tensors }]] : []
      }),
    )
  } finally {
    library.close()
    rmSync(place, { recursive: true })
  }
}

/** Models from which something was trained or derived, themselves made from another, with numbers that nothing else holds. */
function interiorModels({ nodes, edges }: Truth, models: ReadonlyMap<string, HeritageModel>): Node[] {
  return nodes.filter(({ id, tree }) => {
    const family = nodes.filter((node) => node.tree === tree && models.has(node.id))
    if (family.length < SMALLEST_FAMILY || !models.has(id)) return false
    if (edges.some(({ parent, child, type }) => EQUAL_NUMBERS.has(type) && (parent === id || child === id)))
      return false
    const has = (end: 'parent' | 'child'): boolean =>
      edges.some((edge) => edge[end] === id && edge.type !== 'adapter' && edge.role !== 'base')
    return has('parent') && has('child')
  })
}

function remove({ nodes, edges }: Truth, models: ReadonlyMap<string, HeritageModel>, { id, tree }: Node): Outcome {
  const missing = new Set([id, ...nodes.flatMap((node) => (node.hidden ? [node.id] : []))])
  const left = nodes.flatMap((node) => (node.tree === tree && node.id !== id ? (models.get(node.id) ?? []) : []))
  const first = twinsOf(edges)
  const heritage = recoverHeritage(left)
  const name = (node: number): string => first(left[node]?.id ?? `ghost ${node}`)
  const isGhost = (node: number): boolean => node >= left.length
  const neighboursOf = (node: string): Set<string> =>
    new Set(
      edges
        .flatMap(({ parent, child, type }) =>
          type === 'adapter' ? [] : parent === node ? [child] : child === node ? [parent] : [],
        )
        .filter((other) => !missing.has(other))
        .map(first),
    )
  const ghosts = heritage.families
    .flatMap((family) => family.ghosts)
    .map(
      (ghost) =>
        new Set(
          heritage.relations.flatMap(({ parent, child }) =>
            parent === ghost ? [name(child)] : child === ghost ? [name(parent)] : [],
          ),
        ),
    )
  const truth = new Set(edges.map(({ parent, child }) => `${first(parent)} ${first(child)}`))
  const claims = heritage.relations.filter(
    ({ parent, child, directed }) => directed && !isGhost(parent) && !isGhost(child) && name(parent) !== name(child),
  )
  const wrong = claims.filter(({ parent, child }) => !truth.has(`${name(parent)} ${name(child)}`))
  const sure = (links: typeof claims): typeof claims => links.filter(({ support }) => support >= SURE)
  const right = claims.filter(({ parent, child }) => truth.has(`${name(parent)} ${name(child)}`))
  const ancestors = ancestorsIn(
    edges.map((edge) => ({ ...edge, parent: first(edge.parent), child: first(edge.child) })),
  )
  const around = neighboursOf(id)
  const matches = (ghost: ReadonlySet<string>, node: string): boolean =>
    overlap(ghost, neighboursOf(node)) >= SAME_NEIGHBOURS
  return {
    removed: id,
    findable: around.size >= 3,
    found: ghosts.some((ghost) => matches(ghost, id)),
    falseGhosts: ghosts.filter((ghost) => ![...missing].some((node) => matches(ghost, node))).length,
    falseMerges: wrong.filter(({ type }) => type === 'merge').length,
    bridges: wrong.filter(({ parent, child }) => around.has(name(parent)) && around.has(name(child))).length,
    falseLinks: wrong.length,
    sureFalseLinks: sure(wrong).length,
    sureAncestors: sure(wrong).filter(({ parent, child }) => ancestors(name(child)).has(name(parent))).length,
    trueLinks: right.length,
    sureTrueLinks: sure(right).length,
  }
}

/** Names one of each set of models with equal numbers: a link to any of them is as good. */
function twinsOf(edges: readonly Edge[]): (id: string) => string {
  const sources = new Map(
    edges.flatMap(({ parent, child, type }) => (EQUAL_NUMBERS.has(type) ? [[child, parent]] : [])),
  )
  return function first(id: string): string {
    const source = sources.get(id)
    return source === undefined ? id : first(source)
  }
}

/** All models that one was made from, through whatever is missing; the bases of merges and of adapters left out. */
function ancestorsIn(edges: readonly Edge[]): (id: string) => ReadonlySet<string> {
  const parents = Map.groupBy(
    edges.filter(({ type, role }) => type !== 'adapter' && role !== 'base'),
    ({ child }) => child,
  )
  return (id) => {
    const found = new Set<string>([id])
    for (const node of found) for (const { parent } of parents.get(node) ?? []) found.add(parent)
    found.delete(id)
    return found
  }
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((item) => b.has(item)).length
  return both / (a.size + b.size - both)
}

function row(split: string, outcomes: readonly Outcome[]): (string | number)[] {
  const sum = (count: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0)
  return [
    split,
    outcomes.length,
    sum(({ findable }) => Number(findable)),
    sum(({ found, findable }) => Number(found && findable)),
    sum(({ falseGhosts }) => falseGhosts),
    sum(({ falseMerges }) => falseMerges),
    sum(({ found, bridges }) => (found ? bridges : 0)),
    sum(({ found, bridges }) => (found ? 0 : bridges)),
    sum(({ falseLinks }) => falseLinks),
    sum(({ sureFalseLinks }) => sureFalseLinks),
    sum(({ sureAncestors }) => sureAncestors),
    sum(({ trueLinks }) => trueLinks),
    sum(({ sureTrueLinks }) => sureTrueLinks),
  ]
}

const table: (string | number)[][] = [
  [
    'split',
    'removed',
    '3+ left',
    'ghost',
    'false ghosts',
    'false merges',
    'bridged, ghost',
    'bridged, none',
    'false links',
    'sure of them',
    'ancestors',
    'true links',
    'sure of them',
  ],
]
for (const split of readdirSync(zoo).sort()) {
  const file = join(zoo, split, 'truth.json')
  if (!existsSync(file)) continue
  const truth = JSON.parse(readFileSync(file, 'utf8')) as Truth
  const models = await measure(split)
  const outcomes = interiorModels(truth, models).map((node) => remove(truth, models, node))
  for (const outcome of outcomes) if (process.argv.includes('--each')) console.log(split, JSON.stringify(outcome))
  table.push(row(split, outcomes))
}
const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => String(cells[column]).length)))
const lines = table.map(
  (cells) => `| ${cells.map((cell, column) => String(cell).padEnd(widths[column]!)).join(' | ')} |`,
)
lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
console.log(lines.join('\n'))
