import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { Relation } from '../../../src-main/contract/graph.ts'
import { useClient } from '../client/key.ts'
import { useLibrary } from '../stores/library.ts'
import { useSelection } from '../stores/selection.ts'
import { useView } from '../stores/view.ts'
import { useAnswer } from './answer.ts'

/** Two models that are looked at together: the parent and the child, where they are a relation. */
export interface Pair {
  readonly a: string
  readonly b: string
  /** What the graph holds between them; null where they are any two models. */
  readonly relation: Relation | null
}

/** The pair that the window shows, and the tensor of it: asked once for inspector and layers together. */
export const useEvidence = defineStore('evidence', () => {
  const client = useClient()
  const library = useLibrary()
  const selection = useSelection()
  const view = useView()

  function pairOf(a: string, b: string): Pair {
    const between = (parent: string, child: string): Relation | undefined =>
      library.relationsTo.get(child)?.find((relation) => relation.parent === parent)
    const turned = between(a, b) ? undefined : between(b, a)
    return turned ? { a: b, b: a, relation: turned } : { a, b, relation: between(a, b) ?? null }
  }

  const pair = computed<Pair | null>(() => {
    const { stage } = view
    if (stage.kind === 'layers') return pairOf(stage.a, stage.b)
    const { current } = selection
    if (current?.kind === 'relation') return pairOf(current.parent, current.child)
    if (current?.kind === 'cell') return pairOf(current.a, current.b)
    return selection.pair ? pairOf(...selection.pair) : null
  })

  /** A missing ancestor is in no file: there is nothing to compare. */
  const comparable = computed(() => pair.value !== null && [pair.value.a, pair.value.b].every((id) => isFile(id)))
  const tensorName = computed(() => {
    const { current } = selection
    const shown = pair.value
    return current?.kind === 'cell' && shown && current.a === shown.a && current.b === shown.b ? current.tensor : null
  })

  function isFile(id: string): boolean {
    const model = library.models.get(id)
    return model !== undefined && model.kind !== 'ghost'
  }

  const folder = computed(() => library.content?.folder ?? null)
  const version = (): unknown => library.content?.recoveredAt

  const evidence = useAnswer(
    () => {
      if (!folder.value || !pair.value || !comparable.value) return null
      const { a, b, relation } = pair.value
      return [folder.value, a, b, relation ? 'relation' : 'pair'] as const
    },
    version,
    ([folder, a, b, kind], signal) =>
      kind === 'relation'
        ? client.request('evidence.relation', { folder, parent: a, child: b }, { signal })
        : client.request('models.compare', { folder, a, b }, { signal }),
  )
  const tensor = useAnswer(
    () => {
      if (!folder.value || !pair.value || tensorName.value === null) return null
      return [folder.value, pair.value.a, pair.value.b, tensorName.value] as const
    },
    version,
    ([folder, a, b, tensor], signal) => client.request('evidence.tensor', { folder, a, b, tensor }, { signal }),
  )

  return {
    pair,
    comparable,
    tensorName,
    evidence: evidence.answer,
    askAgain: evidence.again,
    tensor: tensor.answer,
    askTensorAgain: tensor.again,
    pairOf,
  }
})
