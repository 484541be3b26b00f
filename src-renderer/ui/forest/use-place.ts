import { nextTick, onBeforeUnmount, onMounted, shallowRef, watch, type Ref } from 'vue'
import { useLibrary } from '../stores/library.ts'
import { useScan } from '../stores/scan.ts'
import { useView } from '../stores/view.ts'
import { keepInPlace } from './canvas/camera.ts'
import type { Camera } from './canvas/scene.ts'
import type { Space } from './layout/pack.ts'
import type { Sheet } from './layout/positions.ts'

interface Pane {
  readonly camera: Camera
  readonly set: (camera: Camera) => void
  readonly home: () => void
  readonly reveal: (id: string) => void
}

/** Lays the forest out for the room there is, and keeps it where the user moved it, in this folder and the next time. */
export function usePlace(
  canvas: Readonly<Ref<Pane | null>>,
  sheet: Readonly<Ref<Sheet>>,
  /** The node that is selected. */
  primary: Readonly<Ref<string | null>>,
  /** The key, that covers a corner. */
  key: Readonly<Ref<HTMLElement | null>>,
  /** Room for which the forest is laid out. */
  space: Ref<Space>,
) {
  const library = useLibrary()
  const scan = useScan()
  const view = useView()
  /** Of the pane, now. */
  const pane = shallowRef<Space>({ width: 0, height: 0 })
  const corner = shallowRef<{ width: number; height: number } | null>(null)

  // Not at once on every change of the pane: a panel that opens because something was selected must move nothing.
  function takeRoom(): void {
    const { width } = pane.value
    if (width === 0) return
    const height = pane.value.height - scan.covered
    corner.value = key.value ? { width: key.value.offsetWidth, height: key.value.offsetHeight } : null
    const next: Space = corner.value ? { width, height, corner: corner.value } : { width, height }
    if (JSON.stringify(next) !== JSON.stringify(space.value)) space.value = next
  }

  async function settle(): Promise<void> {
    await nextTick()
    takeRoom()
    await nextTick()
    if (view.viewport) canvas.value?.set({ x: view.viewport.x, y: view.viewport.y, k: view.viewport.zoom })
    else goHome()
  }

  function goHome(): void {
    canvas.value?.home()
    if (primary.value !== null) canvas.value?.reveal(primary.value)
  }

  /** What a scan adds must not push what is looked at away. */
  async function grow(): Promise<void> {
    const before = shown
    await nextTick()
    takeRoom()
    await nextTick()
    if (!view.viewport || !canvas.value) return goHome()
    canvas.value.set(keepInPlace(canvas.value.camera, before, sheet.value, primary.value, pane.value))
    remember(canvas.value.camera)
  }

  function remember({ x, y, k }: Camera): void {
    view.viewport = { x, y, zoom: k }
  }

  let shown = sheet.value
  watch(sheet, (next) => void (shown = next), { flush: 'post' })
  watch(
    () => library.content,
    (next, before) => void (next && next.folder === before?.folder ? grow() : settle()),
  )
  watch(() => view.collapsed, settle)
  // The inspector that comes back after a scan takes room; while something is selected, nothing may move.
  watch([pane, () => scan.covered], () => void (primary.value === null && !view.viewport && settle()))
  watch([() => view.layout, () => view.focus, () => view.viewport] as const, ([layout, focus, viewport], before) => {
    // Another layout starts at home; a view that is restored brings its own place along.
    const redrawn = layout !== before[0] || focus !== before[1]
    if (redrawn && viewport === before[2]) view.viewport = null
    const { x, y, k } = canvas.value?.camera ?? { x: 0, y: 0, k: 1 }
    const elsewhere = viewport && (viewport.x !== x || viewport.y !== y || viewport.zoom !== k)
    if (redrawn || elsewhere) void settle()
  })
  onMounted(() => {
    window.addEventListener('resize', settle)
    void settle()
  })
  onBeforeUnmount(() => window.removeEventListener('resize', settle))

  return { pane, corner, remember }
}
