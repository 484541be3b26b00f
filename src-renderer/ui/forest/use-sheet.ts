import { computed, ref, shallowRef, watch } from 'vue'
import { useLibrary } from '../stores/library.ts'
import { useTheme } from '../stores/theme.ts'
import { useView } from '../stores/view.ts'
import { boundsOf } from './canvas/bounds.ts'
import { colouringOf } from './canvas/colouring.ts'
import { readPalette } from './canvas/palette.ts'
import { canvasMeasure } from './canvas/text.ts'
import { layoutForest } from './layout/layout.ts'
import type { Space } from './layout/pack.ts'

/** The forest in its place and colours: changes with the data and the view, never with what is selected. */
export function useSheet() {
  const library = useLibrary()
  const theme = useTheme()
  const view = useView()

  const palette = shallowRef(readPalette(document.documentElement))
  watch(
    () => theme.dark,
    () => void (palette.value = readPalette(document.documentElement)),
    { flush: 'post' },
  )
  const measure = canvasMeasure(palette.value.font)

  /** Room when the forest was last laid out; not the room now, as a panel that opens must move nothing. */
  const space = shallowRef<Space>({ width: 640, height: 640 })
  /** Runs of checkpoints that are drawn one by one. */
  const openRuns = ref<ReadonlySet<string>>(new Set())
  watch(
    () => library.content?.folder,
    () => void (openRuns.value = new Set()),
  )

  const sheet = computed(() =>
    layoutForest(
      library.graph ?? { schema: 'heirloom/graph@1', models: [], relations: [], verdicts: [], problems: [] },
      {
        layout: view.layout,
        collapsed: view.collapsed,
        focus: view.focus,
        openRuns: openRuns.value,
        space: space.value,
        measure,
        provisional: library.content?.provisional ?? false,
      },
    ),
  )
  const bounds = computed(() => boundsOf(sheet.value))
  const colouring = computed(() =>
    colouringOf(view.colour, sheet.value, library.graph?.relations ?? [], library.content?.claims ?? {}),
  )

  function toggleRun(id: string): void {
    const next = new Set(openRuns.value)
    if (!next.delete(id)) next.add(id)
    openRuns.value = next
  }

  return { palette, space, sheet, bounds, colouring, openRuns, toggleRun }
}
