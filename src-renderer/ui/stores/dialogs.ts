import { defineStore } from 'pinia'
import { ref } from 'vue'

export type Dialog = 'browse' | 'settings' | 'shortcuts'

/** The one dialog that is open, if any. */
export const useDialogs = defineStore('dialogs', () => {
  const open = ref<Dialog | null>(null)
  return {
    open,
    show: (dialog: Dialog) => void (open.value = dialog),
    close: () => void (open.value = null),
  }
})
