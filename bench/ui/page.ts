// The real window before a scripted engine, measured from inside: `?models=1000`. Driven by bench/window.ts.
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from '../../src-renderer/ui/App.vue'
import type { EngineClient } from '../../src-main/contract/client.ts'
import { CLIENT } from '../../src-renderer/ui/client/key.ts'
import { canvasMeasure } from '../../src-renderer/ui/forest/canvas/text.ts'
import { layoutForest } from '../../src-renderer/ui/forest/layout/layout.ts'
import '../../src-renderer/ui/tokens.css'
import '../../src-renderer/ui/base.css'
import { randomGraph } from '../../test/support/graphs.ts'
import { scriptedClient } from '../../test/ui/support/scripted-client.ts'
import { aWorld } from '../../test/ui/support/worlds.ts'

/** All times in milliseconds. */
export interface Measured {
  /** From the answer of the engine to the first frame with names in it. */
  readonly firstPaint: number
  readonly layouts: Readonly<Record<string, number>>
  /** From the key to the frame that shows it, one for each. */
  readonly selections: readonly number[]
  /** Between frames while the forest is moved, at 100 % and with all of it in sight. */
  readonly panning: readonly number[]
  readonly panningAll: readonly number[]
  /** Of those moves, what the page itself computed. */
  readonly work: readonly number[]
  readonly workAll: readonly number[]
}

const FRAMES = 90
const SELECTIONS = 40
const models = Number(new URLSearchParams(location.search).get('models') ?? 1000)
const graph = randomGraph(models, Math.max(1, Math.round(models / 50)), 7)

let answered = 0
let named: (time: number) => void = () => undefined
const firstName = new Promise<number>((resolve) => void (named = resolve))
const fillText = CanvasRenderingContext2D.prototype.fillText
CanvasRenderingContext2D.prototype.fillText = function (...of) {
  named(performance.now())
  CanvasRenderingContext2D.prototype.fillText = fillText
  fillText.apply(this, of)
}

const scripted = scriptedClient(aWorld(graph))
const client: EngineClient = {
  on: scripted.on,
  async request(kind, parameters, options) {
    const answer = await scripted.request(kind, parameters, options)
    if (kind === 'graph.get') answered = performance.now()
    return answer
  },
}
createApp(App).use(createPinia()).provide(CLIENT, client).mount('#app')

/** After the next frame has been drawn. */
function painted(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => resolve(performance.now())
      channel.port2.postMessage(null)
    })
  })
}

async function measureSelections(): Promise<number[]> {
  const times: number[] = []
  for (let step = 0; step < SELECTIONS; step++) {
    const item = document.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')
    item?.focus()
    await painted()
    const start = performance.now()
    item?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }))
    times.push((await painted()) - start)
  }
  return times
}

async function measurePanning(): Promise<{ frames: number[]; work: number[] }> {
  const canvas = document.querySelector('main canvas')
  const frames: number[] = []
  const work: number[] = []
  let last = await painted()
  for (let frame = 0; frame < FRAMES; frame++) {
    const start = performance.now()
    const direction = frame < FRAMES / 2 ? 1 : -1
    canvas?.dispatchEvent(
      new WheelEvent('wheel', { deltaX: 6 * direction, deltaY: 24 * direction, bubbles: true, cancelable: true }),
    )
    const now = await painted()
    work.push(now - start)
    frames.push(now - last)
    last = now
  }
  return { frames, work }
}

function measureLayouts(): Record<string, number> {
  const font = getComputedStyle(document.documentElement).getPropertyValue('--font')
  const options = {
    collapsed: new Set<string>(),
    focus: null,
    openRuns: new Set<string>(),
    space: { width: 640, height: 672 },
    measure: canvasMeasure(font),
    provisional: false,
  }
  return Object.fromEntries(
    (['change', 'steps', 'top-down', 'radial'] as const).map((layout) => {
      layoutForest(graph, { ...options, layout })
      const start = performance.now()
      layoutForest(graph, { ...options, layout })
      return [layout, performance.now() - start]
    }),
  )
}

async function measure(): Promise<Measured> {
  await firstName
  const firstPaint = (await painted()) - answered
  await new Promise((resolve) => setTimeout(resolve, 500))
  const panning = await measurePanning()
  const selections = await measureSelections()
  document
    .querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')
    ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'f', bubbles: true }))
  await painted()
  const all = await measurePanning()
  return {
    firstPaint,
    layouts: measureLayouts(),
    selections,
    panning: panning.frames,
    work: panning.work,
    panningAll: all.frames,
    workAll: all.work,
  }
}

Object.assign(window, { measured: measure() })
