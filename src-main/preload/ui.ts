import { contextBridge } from 'electron'

// Named functions only; there are none yet.
contextBridge.exposeInMainWorld('heirloom', {})
