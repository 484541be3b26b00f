import { pointer, select } from 'd3-selection'
import { zoom, zoomIdentity, type D3ZoomEvent } from 'd3-zoom'
import { onBeforeUnmount, shallowRef, watch, type Ref } from 'vue'
import { held, ZOOM } from './canvas/camera.ts'
import type { Camera } from './canvas/scene.ts'
import type { Space } from './layout/pack.ts'
import type { Sheet } from './layout/positions.ts'

/** Pixels of a line, for wheels that count lines. */
const LINE = 16

/** Moves a camera over the sheet: drag, pinch, wheel (Ctrl zooms), and calls. `onUser`: after the user has moved it. */
export function useCamera(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  sheet: () => Pick<Sheet, 'width' | 'height'>,
  space: () => Space,
  onUser: (camera: Camera) => void,
) {
  const camera = shallowRef<Camera>({ x: 0, y: 0, k: 1 })
  const behaviour = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([ZOOM.least, ZOOM.most])
    .filter((event: MouseEvent) => !event.button && (event.type !== 'wheel' || event.ctrlKey || event.metaKey))
    .constrain((transform) => {
      const { x, y, k } = held(transform, sheet(), space())
      return zoomIdentity.translate(x, y).scale(k)
    })
    .on('zoom', ({ transform: { x, y, k }, sourceEvent }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      camera.value = { x, y, k }
      if (sourceEvent) onUser(camera.value)
    })

  watch(canvas, (element, before) => {
    if (before) select(before).on('.zoom', null).on('.pan', null)
    if (!element) return
    select(element)
      .call(behaviour)
      // A double click folds; it does not zoom.
      .on('dblclick.zoom', null)
      .on(
        'wheel.pan',
        (event: WheelEvent) => {
          if (event.ctrlKey || event.metaKey) return
          event.preventDefault()
          const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1
          const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY]
          panBy(-dx * unit, -dy * unit)
        },
        { passive: false },
      )
  })
  onBeforeUnmount(() => canvas.value && select(canvas.value).on('.zoom', null).on('.pan', null))

  /** Without telling `onUser`. */
  function set({ x, y, k }: Camera): void {
    if (canvas.value) select(canvas.value).call(behaviour.transform, zoomIdentity.translate(x, y).scale(k))
  }

  function panBy(dx: number, dy: number): void {
    if (!canvas.value) return
    select(canvas.value).call(behaviour.translateBy, dx / camera.value.k, dy / camera.value.k)
    onUser(camera.value)
  }

  /** About the middle of the pane. */
  function zoomTo(k: number): void {
    if (!canvas.value) return
    const { width, height } = space()
    select(canvas.value).call(behaviour.scaleTo, k, [width / 2, height / 2])
    onUser(camera.value)
  }

  return {
    camera,
    set,
    panBy,
    zoomTo,
    zoomBy: (factor: number) => zoomTo(camera.value.k * factor),
    /** A point of the sheet, px. */
    pointOf(event: MouseEvent): { x: number; y: number } {
      const [x, y] = pointer(event, canvas.value)
      return { x: (x - camera.value.x) / camera.value.k, y: (y - camera.value.y) / camera.value.k }
    },
  }
}
