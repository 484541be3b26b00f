import { availableParallelism } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { EngineError } from '../../contract/errors.ts'
import { LibraryProblem } from '../../library/library-problem.ts'
import { openLibrary } from '../../library/open.ts'
import type { StoredModel } from '../../library/types.ts'
import { pairDevice } from '../compute/dawn/pair-device.ts'
import { readSettings } from '../host/preferences.ts'
import { claimsTask } from './claims-task.ts'
import { identifyTask, pairTask, tensorTask } from './evidence-tasks.ts'
import { recoverGraph, type RecoveredGraph, type RecoverTask } from './recover-graph.ts'
import type { AnalysisSetup, AnswerMessage, TaskKind, TaskMessage, Tasks } from './tasks.ts'

const library = openLibrary((workerData as AnalysisSetup).library)
const loaded = new Map<string, StoredModel>()

/** While a scan runs its models are asked for again and again. */
function loadOnce(location: string): StoredModel | undefined {
  const model = loaded.get(location) ?? library.loadLean(location)
  if (model) loaded.set(location, model)
  return model
}

/** By a graphics card, where the settings and what scans have found out say so. */
async function recover(task: RecoverTask): Promise<RecoveredGraph> {
  const { settings } = library
  const { engine, threads } = readSettings(settings)
  const pairs = pairDevice({ preference: engine, settings, workers: threads ?? availableParallelism() })
  try {
    return await recoverGraph(task, loadOnce, pairs)
  } finally {
    pairs?.close()
  }
}

type Perform = {
  [Kind in TaskKind]: (task: Tasks[Kind]['task']) => Tasks[Kind]['answer'] | Promise<Tasks[Kind]['answer']>
}

const perform: Perform = {
  recover,
  claims: (task) => claimsTask(task),
  pair: (task) => pairTask(task, library),
  tensor: (task) => tensorTask(task, library),
  identify: (task) => identifyTask(task, library),
}

parentPort!.on('message', async <Kind extends TaskKind>({ kind, task }: TaskMessage<Kind>) => {
  parentPort!.postMessage(await answer(() => perform[kind](task)))
})

async function answer(
  work: () => Tasks[TaskKind]['answer'] | Promise<Tasks[TaskKind]['answer']>,
): Promise<AnswerMessage> {
  try {
    return { answer: await work() }
  } catch (error) {
    if (error instanceof EngineError) return { failure: error.toFailure() }
    if (error instanceof LibraryProblem) return { failure: new EngineError(error.code, error.message).toFailure() }
    throw error
  }
}
