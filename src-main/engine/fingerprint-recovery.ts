import { FileProblem } from '../contract/problems.ts'
import type { FoundModel } from '../files/types.ts'
import type { PairEngine } from '../fingerprint/pairs.ts'
import { planRanges } from '../fingerprint/ranges.ts'
import type { TensorRange } from '../fingerprint/types.ts'
import { recoverAdapters } from '../heritage/adapter/recover.ts'
import type { AdapterRelation, ReadAgain } from '../heritage/adapter/types.ts'
import { tensorKey } from '../heritage/align/names.ts'
import { recoverInSteps, type RecoveryProgress } from '../heritage/recover.ts'
import type { Heritage, HeritageModel, RecoveredRelation } from '../heritage/types.ts'
import type { StoredModel } from '../library/types.ts'
import { drive } from './drive.ts'
import { pathsOf, type Recovery } from './graph.ts'
import { readHeaders } from './measure-model.ts'
import { elementReader } from './read-again.ts'
import { explain } from './reason.ts'

export interface FingerprintRecovery {
  readonly recovery: Recovery<RecoveredRelation | AdapterRelation>
  /** Read a second time, headers included: attention matrices of the models that an adapter may belong to. */
  readonly bytesReadAgain: number
  /** Why the adapters could not be placed: one of the files that had to be read again changed or went away. */
  readonly problem: FileProblem | null
}

/**
 * What the fingerprints show, and where the adapters belong; without the adapters where the signal stopped their placing, and
 * nothing where it stopped the trees.
 *
 * @param found the models and adapters, whose files may be read again; null leaves the adapters for later
 * @param pairs a device that measures many pairs at once; null for the processor alone
 */
export async function recoverFromFingerprints(
  models: ReadonlyMap<string, StoredModel>,
  found: readonly FoundModel[] | null,
  signal?: AbortSignal,
  onProgress?: (progress: RecoveryProgress) => void,
  pairs: PairEngine | null = null,
): Promise<FingerprintRecovery> {
  const heritageModels = (kind: StoredModel['kind']): HeritageModel[] =>
    pathsOf(models, kind).map((path) => ({ id: path, tensors: models.get(path)!.tensors }))
  const compared = heritageModels('model')
  const { read, bytesRead } = secondReads(found ?? [], signal)
  let heritage: Heritage = { families: [], relations: [], verdicts: [] }
  try {
    heritage = await drive(recoverInSteps(compared), signal, onProgress, pairs)
    if (!found) return { recovery: { ...heritage, explain }, bytesReadAgain: 0, problem: null }
    const placed = await recoverAdapters(compared, heritage, heritageModels('adapter'), read)
    return { recovery: { ...placed, verdicts: heritage.verdicts, explain }, bytesReadAgain: bytesRead(), problem: null }
  } catch (error) {
    const problem = error instanceof FileProblem ? error : null
    if (!problem && !signal?.aborted) throw error
    return { recovery: { ...heritage, explain }, bytesReadAgain: bytesRead(), problem }
  }
}

/** Headers are read when the first tensor of a model is asked for. */
function secondReads(
  found: readonly FoundModel[],
  signal: AbortSignal | undefined,
): { read: ReadAgain; bytesRead: () => number } {
  const counted = { headers: 0 }
  const reader = elementReader(found, signal)
  const ranges = new Map<string, Map<string, TensorRange>>()
  const rangesOf = (path: string): Map<string, TensorRange> => {
    const entries = readHeaders(
      found.find((model) => model.path === path)!,
      counted,
    )
    const planned = new Map(planRanges(entries).map((range) => [tensorKey(range), range]))
    ranges.set(path, planned)
    return planned
  }
  return {
    read: (model, tensor, from, to) => {
      const range = (ranges.get(model.id) ?? rangesOf(model.id)).get(tensorKey(tensor))!
      return reader.read(range, from, to)
    },
    bytesRead: () => counted.headers + reader.bytesRead(),
  }
}
