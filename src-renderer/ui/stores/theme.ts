import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import { useSession } from './session.ts'

/** The theme of the page: what was chosen, else what the system asks for. Sets `data-theme`, that the tokens follow. */
export const useTheme = defineStore('theme', () => {
  const session = useSession()
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  const systemDark = ref(query.matches)
  query.addEventListener('change', ({ matches }) => void (systemDark.value = matches))

  const dark = computed(() => {
    const { theme } = session.settings
    return theme === 'system' ? systemDark.value : theme === 'dark'
  })
  watchEffect(() => void (document.documentElement.dataset['theme'] = dark.value ? 'dark' : 'light'))

  return { dark, toggle: () => session.change({ theme: dark.value ? 'light' : 'dark' }) }
})
