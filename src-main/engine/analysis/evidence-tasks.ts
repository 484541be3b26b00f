import { EngineError } from '../../contract/errors.ts'
import type { PairEvidence, TensorEvidence } from '../../contract/evidence.ts'
import type { Relation } from '../../contract/graph.ts'
import { rankParents } from '../../heritage/evidence/alternatives.ts'
import { nearest } from '../../heritage/evidence/identify.ts'
import { pairEvidence } from '../../heritage/evidence/pair.ts'
import { tensorEvidence } from '../../heritage/evidence/tensor.ts'
import type { HeritageModel } from '../../heritage/types.ts'
import type { Library, StoredModel } from '../../library/types.ts'

/** As many as a person looks at. */
const MOST_IDENTIFIED = 20

/** A model of a graph, and where the library has it. */
export interface ModelPlace {
  readonly id: string
  readonly location: string
}

interface LoadedModel extends HeritageModel {
  readonly kind: StoredModel['kind']
}

export interface PairTask {
  readonly a: ModelPlace
  readonly b: ModelPlace
  /** What was recovered between the two; null for no link. */
  readonly relation: Relation | null
  /** Other models that could be the parent of b. */
  readonly candidates: readonly ModelPlace[]
}

export interface TensorTask {
  readonly a: ModelPlace
  readonly b: ModelPlace
  readonly tensor: string
}

export interface IdentifyTask {
  readonly model: ModelPlace
}

/** A model of the library, by its location. */
export interface IdentifiedLocation {
  readonly location: string
  readonly cosine: number
  readonly pValue: number
  readonly equal: boolean
}

/** @throws EngineError `model-unknown`, `models-not-comparable` */
export function pairTask({ a, b, relation, candidates }: PairTask, library: Library): PairEvidence {
  const [parent, child] = [loadModel(a, library), loadModel(b, library)]
  if (parent.kind !== child.kind) {
    const message = `Of ${a.id} and ${b.id} one is an adapter: it has no weights to set beside those of a model.`
    throw new EngineError('models-not-comparable', message)
  }
  const others = candidates.flatMap(({ id, location }) => heritageModel(id, library.load(location)) ?? [])
  const alternatives = others.length > 0 ? rankParents(child, others) : []
  const evidence = pairEvidence(parent, child, { relation, alternatives })
  if (evidence) return evidence
  throw new EngineError('models-not-comparable', `${a.id} and ${b.id} are of different architectures.`)
}

/** @throws EngineError `model-unknown`, `tensor-unknown` */
export function tensorTask({ a, b, tensor }: TensorTask, library: Library): TensorEvidence {
  const evidence = tensorEvidence(loadModel(a, library), loadModel(b, library), tensor)
  if (!evidence) throw new EngineError('tensor-unknown', `${a.id} and ${b.id} do not both have ${tensor} in one shape.`)
  return evidence
}

/** The nearest of all models that were ever read, nearest first. @throws EngineError `model-unknown` */
export function identifyTask({ model }: IdentifyTask, library: Library): IdentifiedLocation[] {
  const others = library.list().filter(({ location }) => location !== model.location)
  function* load(): Generator<HeritageModel> {
    for (const { location } of others) {
      const other = heritageModel(location, library.load(location))
      if (other) yield other
    }
  }
  return nearest(loadModel(model, library), load(), MOST_IDENTIFIED).map(({ id, cosine, pValue, equal }) => ({
    location: id,
    cosine,
    pValue,
    equal,
  }))
}

function loadModel({ id, location }: ModelPlace, library: Library): LoadedModel {
  const model = heritageModel(id, library.load(location))
  if (!model) throw new EngineError('model-unknown', `The library does not hold ${id} any more.`)
  return model
}

function heritageModel(id: string, stored: StoredModel | undefined): LoadedModel | null {
  return stored ? { id, kind: stored.kind, tensors: stored.tensors } : null
}
