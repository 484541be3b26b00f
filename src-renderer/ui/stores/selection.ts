import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

/** What the inspector shows. Models are named by their ids in the graph of the open folder. */
export type Selection =
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'relation'; readonly parent: string; readonly child: string }
  | { readonly kind: 'family'; readonly family: string }
  /** One tensor of two models; of a relation the parent and the child. */
  | { readonly kind: 'cell'; readonly a: string; readonly b: string; readonly tensor: string }

/** What is selected, marked and pointed at, in every region at once. Nothing here ever moves a node. */
export const useSelection = defineStore('selection', () => {
  const current = shallowRef<Selection | null>(null)
  /** Models selected beside the current one, to compare or export; in the order in which they were. */
  const also = ref<readonly string[]>([])
  /** The model under the pointer, in the library or the forest. */
  const hovered = ref<string | null>(null)

  /** Every selected model: both ends of a relation or a cell, and what was added; a family counts none. */
  const models = computed<readonly string[]>(() => [...new Set([...endsOf(current.value), ...also.value])])
  const ids = computed<ReadonlySet<string>>(() => new Set(models.value))

  /** Selects this alone; null selects nothing. */
  function select(selection: Selection | null): void {
    current.value = selection
    also.value = []
  }

  /** Adds a model to the selection, or takes it out. */
  function toggle(model: string): void {
    const kept = models.value.filter((id) => id !== model)
    const next = kept.length < models.value.length ? kept : [...kept, model]
    const [first, ...rest] = next
    current.value = first === undefined ? null : { kind: 'model', model: first }
    also.value = rest
  }

  /** Selects several models; the first is the current one. */
  function selectModels(chosen: readonly string[]): void {
    const [first, ...rest] = chosen
    current.value = first === undefined ? null : { kind: 'model', model: first }
    also.value = rest
  }

  /** Two selected models, to be compared; null where there are not exactly two. */
  const pair = computed<readonly [string, string] | null>(() => {
    const [a, b] = models.value
    return a !== undefined && b !== undefined && models.value.length === 2 ? [a, b] : null
  })

  return { current, also, hovered, models, ids, pair, select, toggle, selectModels }
})

function endsOf(selection: Selection | null): readonly string[] {
  if (selection?.kind === 'model') return [selection.model]
  if (selection?.kind === 'relation') return [selection.parent, selection.child]
  if (selection?.kind === 'cell') return [selection.a, selection.b]
  return []
}
