import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { Architecture } from '../align/align.ts'
import type { HeritageModel } from '../types.ts'
import { outputSide } from './alignment.ts'
import { attentionBlocks, type MeasuredBlock } from './blocks.ts'
import { chooseBase } from './choose-base.ts'
import type { LowRankUpdate } from './factors.ts'
import { isOwnFamily, scoreFamily, scoreMember, type FamilyScore } from './family-test.ts'
import { adaptedMatrices, fitAdapter, type PlacedUpdate } from './fit.ts'
import type { Candidate } from './kin.ts'
import { headSize } from './heads.ts'
import { findMerged } from './merged.ts'
import type { AdapterEvidence, ReadAgain } from './types.ts'

/** Models of one architecture, by families. */
export interface Kin {
  readonly architecture: Architecture
  readonly families: readonly (readonly Candidate[])[]
}

/** Where an adapter belongs. */
export interface Placement {
  /** Position in the list of models. */
  readonly base: number
  readonly support: number
  readonly evidence: AdapterEvidence
  /** The base's matrices that the updates change, in the order of the updates. */
  readonly matrices: readonly TensorFingerprint[]
}

/** A family whose models have all matrices that an adapter changes. */
interface Fit {
  readonly architecture: Architecture
  readonly placed: readonly PlacedUpdate[]
  readonly candidates: readonly FittingCandidate[]
}

interface FittingCandidate extends Candidate {
  readonly matrices: readonly TensorFingerprint[]
}

/** An adapter's family, told by the member nearest its root. */
export interface OwnFamily {
  readonly fit: Fit
  readonly representative: Candidate
  readonly blocks: readonly MeasuredBlock[]
  readonly score: FamilyScore
}

/** The pair of models of one family between which the update lies, if there is one: exact, so no bootstrap is needed. */
export function placeMerged(updates: readonly LowRankUpdate[], kin: readonly Kin[]): Placement | null {
  let best: { cosine: number; placement: Placement } | null = null
  for (const { placed, candidates } of fits(updates, kin)) {
    const found = findMerged(
      placed,
      candidates.map(({ matrices }) => matrices),
    )
    if (!found || found.cosine <= (best?.cosine ?? 0)) continue
    const { cosine } = found
    const { model: base, matrices } = candidates[found.parent]!
    const evidence = { by: 'merged', into: candidates[found.child]!.model, cosine } as const
    best = { cosine, placement: { base, support: 1, evidence, matrices } }
  }
  return best?.placement ?? null
}

/** The family along whose partner projections an update lies; null where there is none. */
export async function findFamily(
  models: readonly HeritageModel[],
  adapter: HeritageModel,
  updates: readonly LowRankUpdate[],
  kin: readonly Kin[],
  read: ReadAgain,
): Promise<OwnFamily | null> {
  let best: OwnFamily | null = null
  for (const fit of fits(updates, kin)) {
    const representative = fit.candidates.find(({ derived }) => !derived)
    if (!representative) continue
    const blocks: MeasuredBlock[] = []
    for (const block of attentionBlocks(fit.placed, fit.architecture)) {
      const side = await outputSide(adapter, updates[block.update]!, read)
      const gradients = block.output === null ? null : await outputSide(adapter, updates[block.output]!, read)
      blocks.push({ ...block, side, gradients })
    }
    const { member, model } = representative
    const score = await scoreFamily(blocks, fit.architecture, member, models[model]!, read)
    if (score && isOwnFamily(score) && score.z > (best?.score.z ?? 0)) best = { fit, representative, blocks, score }
  }
  return best
}

/** The rows of a head in each architecture that adapters were found to belong to. */
export async function findHeads(
  models: readonly HeritageModel[],
  found: readonly OwnFamily[],
  read: ReadAgain,
): Promise<Map<Architecture, number>> {
  const heads = new Map<Architecture, number>()
  for (const [architecture, own] of Map.groupBy(found, ({ fit }) => fit.architecture)) {
    const witnesses = own.flatMap(({ blocks, representative: { member, model } }) =>
      blocks.map((block) => ({ block, architecture, member, model: models[model]! })),
    )
    heads.set(architecture, await headSize(witnesses, read))
  }
  return heads
}

/** The likeliest base in the family. It is told by the value projections alone: query and key say whose family it is, but little of who in it. */
export async function placeWithin(
  models: readonly HeritageModel[],
  { fit: { architecture, candidates }, blocks, score: { mean, z } }: OwnFamily,
  headRows: number,
  read: ReadAgain,
): Promise<Placement | null> {
  const values = blocks.filter(({ role }) => role === 'value')
  const telling = values.length > 0 ? values : blocks
  const scored: { candidate: FittingCandidate; scores: Float64Array }[] = []
  for (const candidate of candidates) {
    if (candidate.derived) continue
    const scores = await scoreMember(telling, headRows, architecture, candidate.member, models[candidate.model]!, read)
    if (scores?.every(Number.isFinite)) scored.push({ candidate, scores })
  }
  if (scored.length === 0) return null
  const { base, within, support } = chooseBase(
    scored.map(({ scores }) => scores),
    scored.map(({ candidate }) => candidate.depth),
  )
  const { model, matrices } = scored[base]!.candidate
  return { base: model, support, evidence: { by: 'alignment', mean, z, bases: within }, matrices }
}

function fits(updates: readonly LowRankUpdate[], kin: readonly Kin[]): Fit[] {
  return kin.flatMap(({ architecture, families }) => {
    const placed = fitAdapter(updates, architecture)
    if (!placed) return []
    return families.map((family): Fit => {
      const candidates = family.flatMap((candidate): FittingCandidate[] => {
        const matrices = adaptedMatrices(placed, architecture, candidate.member)
        return matrices ? [{ ...candidate, matrices }] : []
      })
      return { architecture, placed, candidates }
    })
  })
}
