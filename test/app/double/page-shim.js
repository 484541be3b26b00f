// Runs in every page before anything else, around the real preload script: the part of "electron" that a sandboxed
// preload script has. SOURCE is replaced by that script.
;(() => {
  const listeners = new Map()
  const ports = new Map()
  const on = (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
  const off = (channel, listener) =>
    listeners.set(
      channel,
      (listeners.get(channel) ?? []).filter((one) => one !== listener),
    )
  const ipcRenderer = {
    send: (channel, ...args) => void window.__send(channel, args),
    invoke: (channel, ...args) => window.__invoke(channel, args),
    on,
    once: (channel, listener) => {
      const once = (...args) => {
        off(channel, once)
        listener(...args)
      }
      on(channel, once)
    },
  }
  const receivePort = (id) => {
    const { port1, port2 } = new MessageChannel()
    port2.onmessage = ({ data }) => void window.__port(id, data)
    ports.set(id, { port1, port2 })
    return port1
  }
  window.__deliver = (channel, args, ids) => {
    const event = { ports: ids.map(receivePort) }
    for (const listener of [...(listeners.get(channel) ?? [])]) listener(event, ...args)
  }
  window.__portMessage = (id, data) => ports.get(id)?.port2.postMessage(data)
  window.__portClosed = (id) => ports.get(id)?.port1.dispatchEvent(new Event('close'))
  const electron = {
    contextBridge: {
      exposeInMainWorld: (key, api) =>
        Object.defineProperty(window, key, { value: Object.freeze({ ...api }), enumerable: true }),
    },
    ipcRenderer,
    // No page can know where a file lies: the test has said so.
    webUtils: { getPathForFile: (file) => window.__dropped?.[file.name] ?? '' },
  }
  const require = (name) => {
    if (name !== 'electron') throw new Error(`A sandboxed preload script cannot require "${name}".`)
    return electron
  }
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the script has its own use of them
  const preload = function (require, module, exports) {
    /* SOURCE */
  }
  const module = { exports: {} }
  preload(require, module, module.exports)
})()
