import { onBeforeUnmount, ref, type Ref } from 'vue'

/** Below this the library becomes a rail and the inspector a band. The same number stands in the style sheets. */
const SMALL = '(max-width: 1039px)'

/** Whether the window is too small for three columns. */
export function useSmallWindow(): Ref<boolean> {
  const query = window.matchMedia(SMALL)
  const small = ref(query.matches)
  const follow = ({ matches }: MediaQueryListEvent): void => void (small.value = matches)
  query.addEventListener('change', follow)
  onBeforeUnmount(() => query.removeEventListener('change', follow))
  return small
}
