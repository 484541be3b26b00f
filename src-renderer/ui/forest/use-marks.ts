import { computed, ref, shallowRef, type Ref } from 'vue'
import { modelName } from '../../../src-main/contract/words.ts'
import { useLibrary } from '../stores/library.ts'
import { useSelection } from '../stores/selection.ts'
import type { Marked } from './canvas/scene.ts'
import type { Hit } from './canvas/hit.ts'
import type { ForestEdge, Sheet } from './layout/positions.ts'

/** What is selected, pointed at and filtered out, in terms of the nodes and lines that are drawn. */
export function useMarks(sheet: Readonly<Ref<Sheet>>, growing: Readonly<Ref<ReadonlyMap<string, number>>>) {
  const library = useLibrary()
  const selection = useSelection()

  /** Whether the keyboard is in the forest, and on which node. */
  const keyboard = ref(false)
  const current = ref<string | null>(null)
  const hoveredEdge = shallowRef<ForestEdge | null>(null)

  const nodeOf = (model: string): string | null => sheet.value.standIn.get(model) ?? null
  const selected = computed<ReadonlySet<string>>(() => new Set(library.selected.flatMap((id) => nodeOf(id) ?? [])))
  const selectedEdge = computed(() => {
    const chosen = selection.current
    if (chosen?.kind !== 'relation') return null
    const joins = ({ relation }: ForestEdge): boolean =>
      relation.parent === chosen.parent && relation.child === chosen.child
    return sheet.value.edges.find(joins) ?? null
  })
  const hoveredNode = computed(() => (selection.hovered === null ? null : nodeOf(selection.hovered)))
  /** Nodes of which a filter leaves at least one model; ghosts stay with what descends from them. */
  const matching = computed(() => {
    const left = library.matching
    if (!left) return null
    return new Set([...left].flatMap((id) => nodeOf(id) ?? []))
  })
  const marked = computed<Marked>(() => ({
    selected: selected.value,
    selectedEdge: selectedEdge.value,
    hoveredNode: hoveredNode.value,
    hoveredEdge: hoveredEdge.value,
    focused: keyboard.value ? current.value : null,
    matching: matching.value,
    growing: growing.value,
  }))

  /** The node to bring into sight for what is selected: the child of a relation. */
  const primary = computed(() => {
    const chosen = selection.current
    if (chosen?.kind === 'model') return nodeOf(chosen.model)
    if (chosen?.kind === 'relation') return nodeOf(chosen.child)
    return null
  })

  const title = computed(() => {
    if (hoveredEdge.value) return hoveredEdge.value.relation.reason
    const model = selection.hovered === null ? undefined : library.models.get(selection.hovered)
    return model ? modelName(model) : ''
  })

  function hover(hit: Hit | null): void {
    selection.hovered = hit?.kind === 'node' ? hit.node.model.id : null
    hoveredEdge.value = hit?.kind === 'edge' ? hit.edge : null
  }

  /** Selects the relation that leads to a node; false where there is none. */
  function selectRelation(id: string): boolean {
    const edge = sheet.value.edges.find(({ to, faint }) => to === id && !faint)
    if (!edge) return false
    selection.select({ kind: 'relation', parent: edge.relation.parent, child: edge.relation.child })
    return true
  }

  return { keyboard, current, marked, primary, title, hover, selectRelation }
}
