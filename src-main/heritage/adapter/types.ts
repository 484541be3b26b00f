import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { Heritage, HeritageModel, NumberedRelation, RecoveredRelation } from '../types.ts'

/** Reads elements of one tensor of a model or adapter from its file again, `from` up to (not including) `to`. */
export type ReadAgain = (
  model: HeritageModel,
  tensor: TensorFingerprint,
  from: number,
  to: number,
) => Promise<Float64Array>

/** Why an adapter stands where it stands. */
export type AdapterEvidence =
  | {
      readonly by: 'merged'
      /** The model that is the parent with this adapter merged in. */
      readonly into: number
      /** Of the update with the change from the parent to that model. */
      readonly cosine: number
    }
  | {
      readonly by: 'alignment'
      /** Mean alignment with the partner projections, -1 to 1, and its distance from that with shifted layers. */
      readonly mean: number
      readonly z: number
      /** How many members of the family may be the base. */
      readonly bases: number
    }
  | {
      readonly by: 'run'
      /** Of the factors A of the two checkpoints. */
      readonly cosine: number
      /** Share of the earlier update that the later one still holds. */
      readonly retained: number
    }

/** A link whose child is an adapter: of its base, or trained on from an earlier checkpoint. */
export interface AdapterRelation extends NumberedRelation {
  readonly type: 'adapter' | 'fine-tune'
  readonly evidence: AdapterEvidence
}

/** Families and relations of models and adapters. Adapters are numbered after the ghosts, in the order given. */
export interface AdapterHeritage {
  readonly families: Heritage['families']
  readonly relations: readonly (RecoveredRelation | AdapterRelation)[]
}
