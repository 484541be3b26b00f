import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ViewState } from '../../../src-main/contract/settings.ts'
import { record, redo, startHistory, undo, type History } from './history.ts'

/** Everything about the view that can be taken back; moving and zooming cannot. */
export type ViewSteps = Omit<ViewState, 'viewport'>
export type Layout = ViewState['layout']
export type Colour = ViewState['colour']
export type Viewport = ViewState['viewport']

/** What fills the window between the bar and the status line. */
export type Stage =
  | { readonly kind: 'forest' }
  /** Two models layer by layer: of a relation, or any two. */
  | { readonly kind: 'layers'; readonly a: string; readonly b: string }
  /** Declared against recovered. */
  | { readonly kind: 'claims' }

const FOREST: Stage = { kind: 'forest' }
export const DEFAULT_STEPS: ViewSteps = { layout: 'change', colour: 'family', collapsed: [], focus: null, filter: '' }

/** How the open folder is looked at. */
export const useView = defineStore('view', () => {
  const history = shallowRef<History<ViewSteps>>(startHistory(DEFAULT_STEPS))
  const viewport = ref<Viewport>(null)
  const stage = shallowRef<Stage>(FOREST)

  const steps = computed(() => history.value.present)
  const collapsed = computed<ReadonlySet<string>>(() => new Set(steps.value.collapsed))

  /** One step, that undo takes back; nothing where nothing changes. */
  function change(patch: Partial<ViewSteps>): void {
    const next = { ...steps.value, ...patch }
    if (same(next, steps.value)) return
    history.value = record(history.value, next, Object.keys(patch).join() === 'filter' ? 'filter' : null)
  }

  /** Folds the descendants of a model away, or shows them again. */
  function toggleCollapsed(model: string): void {
    const others = steps.value.collapsed.filter((id) => id !== model)
    change({ collapsed: others.length < steps.value.collapsed.length ? others : [...others, model] })
  }

  /** Starts over with what was saved, without steps to take back. */
  function restore({ viewport: saved, ...rest }: ViewState): void {
    history.value = startHistory<ViewSteps>(rest)
    viewport.value = saved
    stage.value = FOREST
  }

  return {
    /** Saved and restored. */
    state: computed<ViewState>(() => ({ ...steps.value, viewport: viewport.value })),
    layout: computed(() => steps.value.layout),
    colour: computed(() => steps.value.colour),
    collapsed,
    focus: computed(() => steps.value.focus),
    filter: computed(() => steps.value.filter),
    /** Where the forest was moved to; null fits it to the window. Written by the forest. */
    viewport,
    stage,
    canUndo: computed(() => history.value.past.length > 0),
    canRedo: computed(() => history.value.future.length > 0),
    change,
    toggleCollapsed,
    restore,
    undo: () => void (history.value = undo(history.value)),
    redo: () => void (history.value = redo(history.value)),
    open: (next: Stage) => void (stage.value = next),
    back: () => void (stage.value = FOREST),
  }
})

function same(a: ViewSteps, b: ViewSteps): boolean {
  return (Object.keys(b) as (keyof ViewSteps)[]).every((key) =>
    key === 'collapsed' ? a[key].join('\0') === b[key].join('\0') : a[key] === b[key],
  )
}
