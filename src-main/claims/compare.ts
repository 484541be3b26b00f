import type { Claim, ClaimVerdict, ModelClaims } from '../contract/folders.ts'
import type { Graph, GraphModel } from '../contract/graph.ts'
import { count, modelName, typeWord } from '../contract/words.ts'
import { visible } from '../contract/characters.ts'
import { ancestryOf, type Ancestry } from './ancestry.ts'
import { matchName, type NamedModel } from './match.ts'
import type { Metadata, Statement } from './types.ts'

type Said = Pick<Metadata, 'statements' | 'licence'>

/**
 * Sets what files say about ancestry beside what the weights say. The graph stays as it is: a claim is shown, it is never
 * evidence and never fills an edge.
 *
 * @param metadata by id of the model
 * @returns by id; only models that say something
 */
export function compareClaims(graph: Graph, metadata: ReadonlyMap<string, Said>): Record<string, ModelClaims> {
  const ancestry = ancestryOf(graph)
  const described = graph.models.flatMap((model): [string, ModelClaims][] => {
    const said = metadata.get(model.id)
    if (!said || (said.statements.length === 0 && said.licence === null)) return []
    const claims = said.statements.map((statement) => compareOne(statement, model, graph, ancestry))
    return [[model.id, { verdict: overall(claims), claims, licence: said.licence }]]
  })
  return Object.fromEntries(described)
}

function overall(claims: readonly Claim[]): ClaimVerdict {
  const verdicts = claims.map(({ verdict }) => verdict)
  return verdicts.includes('contradicts') ? 'contradicts' : verdicts.includes('agrees') ? 'agrees' : 'silent'
}

function compareOne(statement: Statement, model: GraphModel, { models }: Graph, ancestry: Ancestry): Claim {
  const { source, names } = statement
  const file = model.path === '.' ? statement.file : `${model.path}/${statement.file}`
  const match = matchName(names, models)
  const place = { source, file, names, parent: match?.model.id ?? null }
  if (!match) return { ...place, verdict: 'silent', sentence: `${visible(names)} is no model of this folder.` }
  const { verdict, sentence } = judge(match.model, model, ancestry)
  return { ...place, verdict, sentence: `${sentence} ${sureness(match)}` }
}

/** What the weights say about a claimed ancestor. */
function judge(parent: GraphModel, child: GraphModel, ancestry: Ancestry): Pick<Claim, 'verdict' | 'sentence'> {
  const name = modelName(parent)
  const say = (verdict: ClaimVerdict, sentence: string) => ({ verdict, sentence })
  if (parent.id === child.id) return say('silent', 'The file names the model itself.')
  const above = ancestry.stepsUp(child.id, parent.id)
  if (above !== null) {
    const type = ancestry.typeBetween(parent.id, child.id)
    if (above === 1) return say('agrees', `The weights agree: ${type ? typeWord(type) : 'a child'} of ${name}.`)
    return say('agrees', `The weights agree: ${name} is an ancestor, ${count(above, 'step')} up.`)
  }
  if (ancestry.linkedUndirected(parent.id, child.id)) {
    return say('agrees', `The weights link the two; which came first is not known from them.`)
  }
  if (ancestry.stepsUp(parent.id, child.id) !== null) {
    return say('contradicts', `The weights say the reverse: ${name} descends from this model.`)
  }
  if (parent.family !== null && parent.family === child.family) {
    return ancestry.isLineageKnown(child.id)
      ? say('contradicts', `The weights say otherwise: of the family of ${name}, but not from it.`)
      : say('silent', `Of one family with ${name}; how the two are related is not known from the weights.`)
  }
  if (child.kind === 'adapter' || parent.kind === 'adapter') {
    return say('silent', `No base of the adapter was found in the weights.`)
  }
  return comparable(parent, child)
    ? say('contradicts', `The weights show no relation with ${name}.`)
    : say('silent', `Too different from ${name} in size or number format for the weights to say anything.`)
}

const FLOATS = new Set(['F64', 'F32', 'F16', 'BF16'])

/** Half of the smaller one's weights must have a counterpart for two models to be compared: layers and rows may be missing. */
function comparable(a: GraphModel, b: GraphModel): boolean {
  const [smaller, larger] = [Math.min(a.parameters, b.parameters), Math.max(a.parameters, b.parameters)]
  return FLOATS.has(a.dtype) && FLOATS.has(b.dtype) && 2 * smaller >= larger
}

function sureness({ model, parts }: NamedModel): string {
  if (parts > 1) return `It is taken to be meant because the last ${parts} parts of name and path agree.`
  return `Only the last part of the name agrees with ${modelName(model)}: another model may be meant.`
}
