import type { FoundModel } from '../files/types.ts'
import type { StoredModel } from '../library/types.ts'

/** What the library holds of the models, by path relative to their folder; those whose rows are lost are left out. */
export function loadModels(
  found: readonly FoundModel[],
  load: (location: string) => StoredModel | undefined,
): Map<string, StoredModel> {
  return new Map(
    found.flatMap(({ path, location }): [string, StoredModel][] => {
      const stored = load(location)
      return stored ? [[path, stored]] : []
    }),
  )
}
