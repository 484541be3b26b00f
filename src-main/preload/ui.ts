import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { DesktopBridge, TextChannel } from '../contract/bridge.ts'
import type { Folder } from '../contract/folders.ts'

/** A port as texts both ways; it never crosses to the page itself. */
function textChannel(port: MessagePort): TextChannel {
  return {
    send: (text) => port.postMessage(text),
    onText: (listener) => {
      port.addEventListener('message', ({ data }) => listener(String(data)))
      port.start()
    },
    onClose: (listener) => port.addEventListener('close', () => listener()),
  }
}

const bridge: DesktopBridge = {
  connect: () =>
    new Promise((resolve, reject) => {
      ipcRenderer.once('engine:port', ({ ports }) => resolve(textChannel(ports[0]!)))
      ipcRenderer.once('engine:gone', () => reject(new Error('The engine does not run.')))
      ipcRenderer.send('engine:connect')
    }),
  grantDropped: (file) => {
    const path = file instanceof File ? webUtils.getPathForFile(file) : ''
    return path === '' ? Promise.resolve(null) : (ipcRenderer.invoke('folder:dropped', path) as Promise<Folder | null>)
  },
  onMenu: (listener) => void ipcRenderer.on('menu', (_event, command) => listener(command)),
}

contextBridge.exposeInMainWorld('heirloom', bridge)
