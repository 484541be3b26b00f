/// <reference types="vite/types/importMeta.d.ts" />
import type { ComputeBridge } from '../../../src-main/contract/bridge.ts'
import { openComputeEngine } from '../engine.ts'
import { ComputeFailure, type ComputeEngine, type ShaderSources } from '../types.ts'
import { answerEngine } from './answer.ts'
import { connectToServer } from './browser.ts'
import type { PageChannel } from './channel.ts'
import { connectToDesktop } from './desktop.ts'

const files = import.meta.glob<string>('../kernels/*.wgsl', { query: '?raw', import: 'default', eager: true })
const shaders: ShaderSources = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path.replace(/^.*\/|\.wgsl$/g, ''), text]),
)

async function open(): Promise<ComputeEngine> {
  if (!navigator.gpu) throw new ComputeFailure('none', 'This browser has no WebGPU, or not for this address.')
  const engine = await openComputeEngine(navigator.gpu, shaders, true)
  say(`Measures on ${engine.adapter.description}.`)
  return engine
}

/** For a person who has opened the page; in the desktop application nobody sees it. */
function say(text: string): void {
  const status = document.querySelector('[role=status]')
  if (status) status.textContent = text
}

function connect(): Promise<PageChannel> {
  const { heirloomCompute } = globalThis as { heirloomCompute?: ComputeBridge }
  return heirloomCompute ? connectToDesktop(heirloomCompute) : connectToServer(new URL(location.href))
}

try {
  const channel = await connect()
  say('Connected. While this page is open, scans may use the graphics card of this machine.')
  const { onClose } = channel
  const closed = (listener: () => void): void =>
    onClose(() => {
      say('The connection has ended. Reload this page to connect again.')
      listener()
    })
  answerEngine({ ...channel, onClose: closed }, open)
} catch (error) {
  say(`This page cannot measure: ${error instanceof Error ? error.message : String(error)}`)
}
