import type { Graph } from '../contract/graph.ts'

const GRAPH_KEYS = ['schema', 'models', 'relations', 'verdicts', 'problems']
const MODEL_KEYS = ['id', 'path', 'kind', 'family', 'root', 'dtype', 'parameters', 'tensors', 'bytes', 'contentHash']
const RELATION_KEYS = [
  ...['parent', 'child', 'type', 'directed', 'support', 'directionSupport', 'weight', 'layerWeights', 'rank'],
  ...['relativeChange', 'cosine', 'reason'],
]
const VERDICT_KEYS = ['kind', 'models', 'reason']
const PROBLEM_KEYS = ['path', 'code', 'message', 'offset']

/** The whole graph (schema `heirloom/graph@1`, docs/graph-json.md): two spaces, keys always in the same order. */
export function renderJson(graph: Graph): string {
  const ordered = {
    ...inOrder(graph, GRAPH_KEYS),
    models: graph.models.map((model) => inOrder(model, MODEL_KEYS)),
    relations: graph.relations.map((relation) => inOrder(relation, RELATION_KEYS)),
    verdicts: graph.verdicts.map((verdict) => inOrder(verdict, VERDICT_KEYS)),
    problems: graph.problems.map((problem) => inOrder(problem, PROBLEM_KEYS)),
  }
  return `${JSON.stringify(ordered, null, 2)}\n`
}

/** Known keys first; keys that a later version adds follow by name. */
function inOrder(value: object, keys: readonly string[]): object {
  const place = (key: string): number => (keys.includes(key) ? keys.indexOf(key) : keys.length)
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1)))
}
