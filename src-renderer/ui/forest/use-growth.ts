import { onBeforeUnmount, shallowRef, watch, type Ref } from 'vue'
import type { Sheet } from './layout/positions.ts'

/** How long a new node takes from its parent to its place, in milliseconds. */
const GROWTH = 120

const NONE: ReadonlyMap<string, number> = new Map()

/** New nodes grow from their parents while a scan finds them; a forest that is opened or laid out anew just stands there. */
export function useGrowth(
  sheet: Readonly<Ref<Sheet>>,
  folder: () => string | undefined,
): Ref<ReadonlyMap<string, number>> {
  const growing = shallowRef(NONE)
  const still = window.matchMedia('(prefers-reduced-motion: reduce)')
  let known: ReadonlySet<string> = new Set()
  let shownFolder: string | undefined
  let frame = 0

  watch(
    sheet,
    ({ nodes }) => {
      const fresh = nodes.filter(({ members }) => !members.some((id) => known.has(id))).map(({ model }) => model.id)
      const grows = shownFolder === folder() && known.size > 0 && !still.matches && fresh.length > 0
      known = new Set(nodes.flatMap(({ members, hidden }) => [...members, ...hidden]))
      shownFolder = folder()
      cancelAnimationFrame(frame)
      growing.value = NONE
      if (grows) grow(fresh, performance.now())
    },
    { immediate: true },
  )
  onBeforeUnmount(() => cancelAnimationFrame(frame))

  function grow(ids: readonly string[], start: number): void {
    const step = (now: number): void => {
      const share = Math.min(1, Math.max(0, (now - start) / GROWTH))
      if (share === 1) {
        growing.value = NONE
        return
      }
      const eased = 1 - (1 - share) ** 3
      growing.value = new Map(ids.map((id) => [id, eased]))
      frame = requestAnimationFrame(step)
    }
    step(start)
  }

  return growing
}
