import type { FolderView } from '../../../src-main/contract/folders.ts'
import type { Graph } from '../../../src-main/contract/graph.ts'
import type { ScanProgress } from '../../../src-main/contract/scan.ts'
import golden from '../../golden/sample-family.json'
import { aGraph, aModel, aRelation, randomGraph } from '../../support/graphs.ts'
import { checkpoints } from '../support/checkpoints.ts'
import type { ScriptedClient, World } from '../support/scripted-client.ts'
import { aFolder, aHost, aScan, aWorld } from '../support/worlds.ts'

export interface Scene extends World {
  /** What the engine tells once the window stands. */
  readonly afterwards?: (emit: ScriptedClient['emit']) => void
}

const listing = {
  folder: 'f0',
  name: 'ada',
  path: '/home/ada',
  parent: 'f-1',
  children: ['Desktop', 'Documents', 'checkpoints', 'models', 'experiments-2026'].map((name, at) => ({
    folder: `f${at + 1}`,
    name,
  })),
  truncated: false,
}

export const SCENES: Readonly<Record<string, () => Scene>> = {
  'first-run': () => ({
    host: aHost(),
    folders: [],
    views: {},
    settings: {},
    answers: { 'folders.browse': () => listing },
  }),
  sample: () =>
    aWorld(golden as Graph, { folder: { sample: true, name: 'sample family', path: 'The sample family', models: 13 } }),
  checkpoints: () => aWorld(checkpoints()),
  thousand: () => aWorld(withManyProblems(randomGraph(1000, 20, 7), 30)),
  five: () =>
    aWorld(aGraph(golden.models.slice(0, 5) as Graph['models'], golden.relations.slice(0, 2) as Graph['relations'])),
  empty: () => aWorld(aGraph([]), { folder: { models: 0 } }),
  one: () => aWorld(aGraph([aModel('only-one')])),
  unrelated: () => aWorld(aGraph(Array.from({ length: 200 }, (_, at) => aModel(`model-${at}`)))),
  'family-of-300': () => aWorld(familyOf(300)),
  scanning: scanning,
  paused: () => ({
    ...scanning(),
    afterwards: (emit) => emit('scan.progress', aScan({ state: 'paused', bytesPerSecond: null, secondsLeft: null })),
  }),
  missing: () => {
    const seen = Object.fromEntries(
      checkpoints().models.map(({ id }) => [id, { lastSeen: '2026-11-03T18:02:00Z', present: false }]),
    )
    return aWorld(checkpoints(), { folder: { state: 'missing', lastSeen: '2026-11-03T18:02:00Z' }, view: { seen } })
  },
  locked: () => ({
    ...SCENES['first-run']!(),
    host: aHost({
      library: {
        ...aHost().library,
        state: 'locked',
        message: 'Another Heirloom uses this library: close it, then try again.',
      },
    }),
  }),
  newer: () => ({
    ...SCENES['first-run']!(),
    host: aHost({
      library: {
        ...aHost().library,
        state: 'newer',
        message:
          'The library was written by a newer version of Heirloom: install that version, or choose another library.',
      },
    }),
  }),
  damaged: () =>
    aWorld(golden as Graph, {
      host: aHost({
        library: {
          ...aHost().library,
          state: 'damaged-and-rebuilt',
          message: 'The damaged library was set aside and a new one is built: scan your folders again.',
        },
      }),
    }),
  'engine-died': () => ({
    ...aWorld(checkpoints()),
    afterwards: (emit) =>
      emit('engine.state', {
        state: 'restarting',
        message: 'The engine stopped and is being started again.',
        problem: { path: 'incoming/odd.safetensors', code: 'READER_STOPPED', message: 'The reader stopped.' },
      }),
  }),
  'many-folders': () => ({
    ...aWorld(checkpoints()),
    folders: Array.from({ length: 6 }, (_, at) =>
      aFolder(at === 0 ? 'one' : `f${at}`, { name: `folder ${at}`, path: `/data/some/where/folder ${at}` }),
    ),
  }),
}

function scanning(): Scene {
  const graph = checkpoints()
  const waitingFor = new Set([
    'llama-3.2-1b-instruct-med',
    'medlaw-merge',
    'law-summarise-ep3',
    'llama-3.2-1b-code-12l',
    'support-bot-fr',
    'support-bot-fr-sparse50',
    'cars-head-swap',
    'gpt2-small-nl',
    'vae-kl-f8',
    't5-tiny-grammar',
    ...Array.from({ length: 9 }, (_, at) => `code-cpt/checkpoint-${(at + 1) * 500}`),
  ])
  const view: Partial<FolderView> = {
    provisional: true,
    waiting: graph.models.filter(({ id }) => waitingFor.has(id)).map(({ path, bytes }) => ({ path, bytes })),
  }
  const kept = new Set(graph.models.filter(({ id }) => !waitingFor.has(id)).map(({ id }) => id))
  const part = {
    ...graph,
    models: graph.models.filter(({ id }) => kept.has(id)),
    relations: graph.relations.filter(({ parent, child }) => kept.has(parent) && kept.has(child)),
  }
  const report = (values: Partial<ScanProgress>): ScanProgress =>
    aScan({
      current: { path: 'llama-3.2-1b-instruct-med', bytesDone: 1.53e9, bytes: 2.47e9 },
      recent: part.models
        .filter(({ kind }) => kind !== 'ghost')
        .slice(0, 3)
        .map(({ path, bytes }) => ({ path, bytes, problem: null })),
      problems: graph.problems,
      ...values,
    })
  return {
    ...aWorld(part, { view }),
    afterwards: (emit) => {
      // A minute in a second, so that the curve has its length.
      const begin = performance.now()
      let reports = 0
      performance.now = () => begin + reports * 1000
      for (let at = 0; at < 60; at++)
        setTimeout(
          () => (
            reports++,
            emit(
              'scan.progress',
              report({ bytesPerSecond: at > 20 && at < 24 ? 0.4e9 : 2e9 + 0.4e9 * Math.sin(at / 3) }),
            )
          ),
          at * 20,
        )
    },
  }
}

function familyOf(count: number): Graph {
  const models = Array.from({ length: count }, (_, at) => aModel(`run-${at}`, { family: 'family-1', root: at === 0 }))
  return aGraph(
    models,
    models.slice(1).map(({ id }, at) => aRelation(`run-${Math.floor(at / 3)}`, id)),
  )
}

function withManyProblems(graph: Graph, count: number): Graph {
  return {
    ...graph,
    problems: Array.from({ length: count }, (_, at) => ({
      ...checkpoints().problems[at % 2]!,
      path: `incoming/batch-${at}/model.safetensors`,
    })),
  }
}
