import { watch, type Ref } from 'vue'
import { useSelection } from '../stores/selection.ts'
import { useView } from '../stores/view.ts'
import { ZOOM } from './canvas/camera.ts'
import type { Hit } from './canvas/hit.ts'
import type { Sheet } from './layout/positions.ts'
import { between, moveFrom, moveOf, typeAhead } from './navigation.ts'
import type { useMarks } from './use-marks.ts'

/** Letters that follow each other this fast are one word, in milliseconds. */
const TYPING = 700

interface Actions {
  /** Moves the keyboard to the current node. */
  readonly focus: () => void
  readonly fit: () => void
  readonly zoomBy: (factor: number) => void
}

/** What keys and clicks in the forest do. */
export function useForestKeys(sheet: Readonly<Ref<Sheet>>, marks: ReturnType<typeof useMarks>, actions: Actions) {
  const selection = useSelection()
  const view = useView()
  const { current } = marks
  let typed = ''
  let typedAt = 0
  /** Where a range began. */
  let anchor: string | null = null

  // The keyboard has a place to come to, also when the node it was on is gone.
  watch(
    sheet,
    ({ byId, nodes, standIn }) => {
      if (current.value !== null && byId.has(current.value)) return
      current.value = standIn.get(current.value ?? '') ?? nodes[0]?.model.id ?? null
    },
    { immediate: true },
  )

  function goTo(id: string, extend = false): void {
    if (extend) selection.selectModels(between(sheet.value, (anchor ??= current.value) ?? id, id).toReversed())
    else {
      anchor = null
      selection.select({ kind: 'model', model: id })
    }
    current.value = id
    actions.focus()
  }

  function press(event: KeyboardEvent, id: string): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (!act(event, id)) return
    event.preventDefault()
    event.stopPropagation()
  }

  function act({ key, shiftKey, timeStamp }: KeyboardEvent, id: string): boolean {
    const node = sheet.value.byId.get(id)
    const move = moveOf(key)
    const folds = move === 'parent' || move === 'child'
    if (move && folds && node && (shiftKey || (move === 'child' && node.hidden.length > 0))) {
      if (node.foldable && (move === 'parent') === (node.hidden.length === 0)) view.toggleCollapsed(id)
    } else if (move) goTo(moveFrom(sheet.value, id, move), shiftKey)
    else if (key === 'Enter') enter(id)
    else if (key === ' ' && typed === '') selection.toggle(id)
    else if (key === '+' || key === '=') actions.zoomBy(ZOOM.step)
    else if (key === '-') actions.zoomBy(1 / ZOOM.step)
    else if (key.length === 1 && key !== '?') type(key, id, timeStamp)
    else return false
    return true
  }

  /** First the relation that leads to the node, then its layers. */
  function enter(id: string): void {
    const chosen = selection.current
    const edge = sheet.value.edges.find(({ to }) => to === id)
    if (
      chosen?.kind === 'relation' &&
      edge?.relation.child === chosen.child &&
      edge.relation.parent === chosen.parent
    ) {
      view.open({ kind: 'layers', a: chosen.parent, b: chosen.child })
    } else marks.selectRelation(id)
  }

  function type(letter: string, id: string, now: number): void {
    if (now - typedAt > TYPING) typed = ''
    if (typed === '' && letter.toLowerCase() === 'f') return void actions.fit()
    typed += letter
    typedAt = now
    goTo(typeAhead(sheet.value, id, typed))
  }

  function click(hit: Hit | null, event: MouseEvent): void {
    if (hit?.kind === 'node') {
      const id = hit.node.model.id
      if (event.shiftKey) goTo(id, true)
      else if (event.ctrlKey || event.metaKey) {
        selection.toggle(id)
        current.value = id
      } else goTo(id)
    } else if (hit?.kind === 'edge') {
      const { parent, child } = hit.edge.relation
      selection.select({ kind: 'relation', parent, child })
      current.value = hit.edge.to
      actions.focus()
    } else if (hit?.kind === 'title' && hit.block.id !== null)
      selection.select({ kind: 'family', family: hit.block.id })
    else selection.select(null)
  }

  return {
    current,
    press,
    click,
    choose: (id: string) => goTo(id),
    /** A double click folds what descends from a node, or unfolds it. */
    open: (hit: Hit | null) => {
      if (hit?.kind === 'node' && hit.node.foldable) view.toggleCollapsed(hit.node.model.id)
    },
  }
}
