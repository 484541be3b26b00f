import { parentPort, workerData } from 'node:worker_threads'
import { EngineError } from '../../contract/errors.ts'
import { LibraryProblem } from '../../library/library-problem.ts'
import { openLibrary } from '../../library/open.ts'
import type { StoredModel } from '../../library/types.ts'
import { recoverGraph } from './recover-graph.ts'
import type { AnalysisSetup, AnswerMessage, TaskKind, TaskMessage, Tasks } from './tasks.ts'

const library = openLibrary((workerData as AnalysisSetup).library)
const loaded = new Map<string, StoredModel>()

/** While a scan runs its models are asked for again and again. */
function loadOnce(location: string): StoredModel | undefined {
  const model = loaded.get(location) ?? library.load(location)
  if (model) loaded.set(location, model)
  return model
}

const perform: { [Kind in TaskKind]: (task: Tasks[Kind]['task']) => Promise<Tasks[Kind]['answer']> } = {
  recover: (task) => recoverGraph(task, loadOnce),
}

parentPort!.on('message', async ({ id, kind, task }: TaskMessage) => {
  parentPort!.postMessage(await answer(id, () => perform[kind](task)))
})

async function answer(id: number, work: () => Promise<Tasks[TaskKind]['answer']>): Promise<AnswerMessage> {
  try {
    return { id, answer: await work() }
  } catch (error) {
    if (error instanceof EngineError) return { id, failure: error.toFailure() }
    if (error instanceof LibraryProblem) return { id, failure: new EngineError(error.code, error.message).toFailure() }
    throw error
  }
}
