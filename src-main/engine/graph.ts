import { relative, sep } from 'node:path'
import {
  GRAPH_SCHEMA,
  type Graph,
  type GraphModel,
  type Problem,
  type Relation,
  type Verdict,
} from '../contract/graph.ts'
import type { NumberedRelation, RecoveredFamily, RecoveredRelation, RecoveredVerdict } from '../heritage/types.ts'
import type { StoredModel } from '../library/types.ts'
import { explainVerdict } from './reason.ts'
import type { ScanProblem } from './discover.ts'
import type { ScanResult } from './scan.ts'

/**
 * What a method has found. Models of kind 'model' are numbered in the order of their paths; ghosts follow, and then the
 * adapters in the order of theirs.
 */
export interface Recovery<R extends NumberedRelation = RecoveredRelation> {
  readonly families: readonly RecoveredFamily[]
  readonly relations: readonly R[]
  readonly verdicts: readonly RecoveredVerdict[]
  /** Says in a sentence why a relation is there. */
  readonly explain: (relation: R, name: (node: number) => string) => string
}

interface GraphEntry {
  readonly path: string
  readonly model: StoredModel
}

/**
 * The graph of everything a scan found and of what was recovered among it. The same models give the same graph to the last digit.
 *
 * @param folder absolute path of the folder that was scanned
 * @param models what the library holds of them, by path relative to that folder
 */
export function buildGraph<R extends NumberedRelation>(
  folder: string,
  result: Pick<ScanResult, 'problems'>,
  models: ReadonlyMap<string, StoredModel>,
  recovery: Recovery<R>,
): Graph {
  const entries = [...models]
    .map(([path, model]): GraphEntry => ({ path, model }))
    .sort((a, b) => compareText(a.path, b.path))
  const compared = pathsOf(models, 'model')
  const ghosts = recovery.families.flatMap((family, at) => family.ghosts.map((node) => ({ node, family, at })))
  const adapters = pathsOf(models, 'adapter')
  const paths = [...compared, ...ghosts.map((_, i) => `ghost-${i + 1}`), ...adapters]
  const nodes = new Map([
    ...compared.map((path, i): [string, number] => [path, i]),
    ...adapters.map((path, i): [string, number] => [path, compared.length + ghosts.length + i]),
  ])
  return {
    schema: GRAPH_SCHEMA,
    models: [
      ...entries.map((entry) => describeModel(entry, nodes.get(entry.path)!, recovery.families)),
      ...ghosts.map(({ node, family, at }) => describeGhost(paths[node]!, `family-${at + 1}`, family.root === node)),
    ],
    relations: recovery.relations
      .map((relation) => describeRelation(relation, paths, recovery.explain))
      .sort((a, b) => compareText(a.child, b.child) || compareText(a.parent, b.parent)),
    verdicts: recovery.verdicts
      .map((verdict) => describeVerdict(verdict, paths))
      .sort((a, b) => compareText(a.kind, b.kind) || compareText(a.models.join('\n'), b.models.join('\n'))),
    problems: describeProblems(folder, result.problems),
  }
}

/** Paths of the models, or of the adapters, sorted. An adapter is not a model but a change to one. */
export function pathsOf(models: ReadonlyMap<string, StoredModel>, wanted: StoredModel['kind']): string[] {
  return [...models].flatMap(([path, { kind }]) => (kind === wanted ? [path] : [])).sort(compareText)
}

function describeModel({ path, model }: GraphEntry, index: number, families: readonly RecoveredFamily[]): GraphModel {
  const family = families.findIndex(({ members }) => members.includes(index))
  return {
    id: path,
    path,
    kind: model.kind,
    family: family < 0 ? null : `family-${family + 1}`,
    root: family >= 0 && families[family]!.root === index,
    dtype: mainDtype(model),
    parameters: model.tensors.reduce((sum, tensor) => sum + elements(tensor.shape), 0),
    tensors: model.tensors.length,
    bytes: model.bytes,
    contentHash: model.contentHash,
  }
}

/** A model that was read and has not been compared with any other yet. */
export function describeUnplaced(path: string, model: StoredModel): GraphModel {
  return describeModel({ path, model }, -1, [])
}

/** An ancestor that is in no file has a place in the tree and nothing else. */
function describeGhost(id: string, family: string, root: boolean): GraphModel {
  const nothing = { dtype: '', parameters: 0, tensors: 0, bytes: 0, contentHash: '' }
  return { id, path: id, kind: 'ghost', family, root, ...nothing }
}

function describeRelation<R extends NumberedRelation>(
  relation: R,
  paths: readonly string[],
  explain: Recovery<R>['explain'],
): Relation {
  const { directionSupport, support } = relation
  return {
    parent: paths[relation.parent]!,
    child: paths[relation.child]!,
    type: relation.type,
    directed: relation.directed,
    support: digits(support, 4),
    directionSupport: directionSupport === null ? null : digits(directionSupport, 4),
    weight: relation.weight === null ? null : digits(relation.weight, 4),
    ...(relation.layerWeights && {
      layerWeights: relation.layerWeights.map((weight) => (weight === null ? null : digits(weight, 4))),
    }),
    rank: relation.rank,
    relativeChange: digits(relation.relativeChange, 6),
    cosine: digits(relation.cosine, 6),
    reason: explain(relation, (node) => paths[node]!),
  }
}

function describeVerdict(verdict: RecoveredVerdict, paths: readonly string[]): Verdict {
  const name = (node: number): string => paths[node]!
  return { kind: verdict.kind, models: verdict.models.map(name), reason: explainVerdict(verdict, name) }
}

/** As the graph lists them. */
export function describeProblems(folder: string, problems: readonly ScanProblem[]): Problem[] {
  return problems
    .map((problem) => describeProblem(folder, problem))
    .sort((a, b) => compareText(a.path, b.path) || compareText(a.code, b.code))
}

/** As the graph names it: by its path relative to the folder. */
export function describeProblem(folder: string, { path, code, message, offset }: ScanProblem): Problem {
  const shown = relative(folder, path).split(sep).join('/') || '.'
  return { path: shown, code, message, ...(offset === undefined ? {} : { offset }) }
}

/** The dtype that holds most elements. */
function mainDtype(model: StoredModel): string {
  const counts = new Map<string, number>()
  for (const { dtype, shape } of model.tensors) counts.set(dtype, (counts.get(dtype) ?? 0) + elements(shape))
  return [...counts].sort(([a, x], [b, y]) => y - x || compareText(a, b))[0]?.[0] ?? ''
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1)
}

/** Rounded to significant digits, so that the last bits of an estimate are not read as precision. */
function digits(value: number, count: number): number {
  return Number(value.toPrecision(count))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
