import type { GraphModel, ModelKind } from '../../../../src-main/contract/graph.ts'
import { CERTAIN, modelName } from '../../../../src-main/contract/words.ts'
import { familyColour } from '../../family-colour.ts'
import { useLibrary } from '../../stores/library.ts'

/** How models of the open folder are called and drawn. */
export function useModels() {
  const library = useLibrary()

  function nameOf(id: string): string {
    const model = library.models.get(id)
    return model ? modelName(model) : id
  }

  function familyName(id: string | null): string {
    return library.content?.families.find((family) => family.id === id)?.name ?? id ?? ''
  }

  /** Hollow where the weights do not show which model of the family came first. */
  function shapeOf(model: GraphModel): ModelKind | 'unknown' {
    return model.kind === 'model' && model.family !== null && !rooted(model.family) ? 'unknown' : model.kind
  }

  function rooted(family: string): boolean {
    return library.graph?.models.some((model) => model.family === family && model.root) === true
  }

  function colourOf(model: GraphModel): string {
    return familyColour(model.family === null ? undefined : library.familyPlace.get(model.family))
  }

  return { nameOf, familyName, shapeOf, colourOf }
}

/** The weight and dash of a line by its support: a class of base.css. */
export function lineClass(support: number): 's1' | 's2' | 's3' | 's4' {
  if (support >= CERTAIN) return 's4'
  if (support >= 0.8) return 's3'
  return support >= 0.5 ? 's2' : 's1'
}
