import { onBeforeUpdate, onUpdated, type Ref } from 'vue'

/** When an update of the component takes the focus away, because its element has gone or changed its place, `give` gives it back. */
export function useKeptFocus(within: Readonly<Ref<HTMLElement | null>>, give: () => void): void {
  let focused = false
  const hasFocus = (): boolean => within.value?.contains(document.activeElement) ?? false
  onBeforeUpdate(() => void (focused = hasFocus()))
  onUpdated(() => {
    if (focused && !hasFocus()) give()
  })
}
