import type { HeritageModel } from '../../src-main/heritage/types.ts'
import type { StoredModel } from '../../src-main/library/types.ts'

/** Models as a library would give them, by their ids as paths. */
export function storeModels(models: readonly HeritageModel[]): Map<string, StoredModel> {
  const facts = { kind: 'model', layout: 'bare', files: [], bytes: 0, contentHash: '', measuredAt: '' } as const
  return new Map(models.map(({ id, tensors }) => [id, { ...facts, location: `/models/${id}`, tensors }]))
}
