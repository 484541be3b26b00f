import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { FolderView } from '../../../src-main/contract/folders.ts'
import type { GraphModel, Problem, Relation } from '../../../src-main/contract/graph.ts'
import { useClient } from '../client/key.ts'
import { countKinds, matchingModels, type LibraryKind } from '../library/filter.ts'
import { useScan } from './scan.ts'
import { useSelection } from './selection.ts'
import { useSession } from './session.ts'
import { useView } from './view.ts'

/** What is known of the open folder. Everything in it is replaced, never changed, when the engine has news. */
export const useLibrary = defineStore('library', () => {
  const client = useClient()
  const session = useSession()
  const scan = useScan()
  const view = useView()
  const selection = useSelection()

  const content = shallowRef<FolderView | null>(null)
  /** `none`: no folder is open. */
  const state = ref<'none' | 'loading' | 'ready' | 'failed'>('none')
  /** Which kind of rows the list shows. */
  const kind = ref<LibraryKind>('all')

  const graph = computed(() => content.value?.graph ?? null)
  const models = computed<ReadonlyMap<string, GraphModel>>(
    () => new Map(graph.value?.models.map((model) => [model.id, model])),
  )
  /** The relations that lead to a model, by its id; more than one for a merge. */
  const relationsTo = computed(() => groupBy(graph.value?.relations ?? [], ({ child }) => child))
  /** The relations that leave a model, by its id. */
  const relationsFrom = computed(() => groupBy(graph.value?.relations ?? [], ({ parent }) => parent))
  /** Place of each family, 0 for the first: its colour is `familyColour(place)`. */
  const familyPlace = computed<ReadonlyMap<string, number>>(
    () => new Map(content.value?.families.map(({ id }, place) => [id, place])),
  )
  /** Files that could not be read; those of a running scan before the graph knows them. */
  const problems = computed<readonly Problem[]>(() => {
    const known = graph.value?.problems ?? []
    const found = scan.running ? (scan.progress?.problems ?? []) : []
    return found.length > known.length ? found : known
  })
  const counts = computed(() => countKinds(content.value, problems.value, scan.queue?.waiting))
  /** Ids of the models that the search and the kind leave; null where they leave all. The rest is drawn at 35 %. */
  const matching = computed<ReadonlySet<string> | null>(() =>
    content.value ? matchingModels(content.value, view.filter, kind.value) : null,
  )

  /** Ids of every selected model; a selected family stands for its members. */
  const selected = computed<readonly string[]>(() => {
    const { current } = selection
    if (current?.kind !== 'family') return selection.models.filter((id) => models.value.has(id))
    return [...models.value.values()].flatMap(({ id, family }) => (family === current.family ? [id] : []))
  })

  /** Families may be numbered anew: the selected one is then the one that most of its models are in. */
  function followFamily(next: FolderView): void {
    const { current } = selection
    if (current?.kind !== 'family' || next.folder !== content.value?.folder) return
    const was = (id: string): boolean => models.value.get(id)?.family === current.family
    const nowIn = next.graph.models.flatMap(({ id, family }) => (family !== null && was(id) ? family : []))
    const counted = [...Map.groupBy(nowIn, (family) => family)].sort(([, a], [, b]) => b.length - a.length)
    const family = counted[0]?.[0]
    if (family !== current.family) selection.select(family === undefined ? null : { kind: 'family', family })
  }

  let loading = 0
  async function load(): Promise<void> {
    const folder = session.folder?.id
    const ticket = ++loading
    if (folder === undefined) {
      content.value = null
      state.value = 'none'
      return
    }
    if (content.value?.folder !== folder) {
      content.value = null
      state.value = 'loading'
    }
    try {
      const next = await client.request('graph.get', { folder })
      if (ticket !== loading) return
      followFamily(next)
      content.value = next
      state.value = 'ready'
    } catch (error) {
      if (ticket !== loading) return
      session.report(error)
      if (!content.value) state.value = 'failed'
    }
  }

  watch([() => session.folder?.id, () => session.returns], () => void load(), { immediate: true })
  client.on('graph.changed', ({ folder }) => {
    if (folder === session.folder?.id) void load()
  })

  return {
    content,
    state,
    kind,
    graph,
    models,
    relationsTo,
    relationsFrom,
    familyPlace,
    problems,
    counts,
    matching,
    selected,
    load,
  }
})

function groupBy(
  relations: readonly Relation[],
  key: (relation: Relation) => string,
): ReadonlyMap<string, readonly Relation[]> {
  return Map.groupBy(relations, key)
}
