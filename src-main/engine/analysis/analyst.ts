import { Worker } from 'node:worker_threads'
import { EngineError } from '../../contract/errors.ts'
import { asEngineError } from '../../contract/messages.ts'
import type { AnalysisSetup, AnswerMessage, TaskKind, TaskMessage, Tasks } from './tasks.ts'

/** A thread for work that takes longer than other requests may wait. It starts with its first task. */
export interface Analyst {
  /**
   * Tasks are done one after the other; one whose signal is aborted before its turn is not begun.
   * @throws EngineError `cancelled` when the signal is aborted or the analyst is closed, `internal` when the thread dies
   */
  ask<Kind extends TaskKind>(
    kind: Kind,
    task: Tasks[Kind]['task'],
    signal?: AbortSignal,
  ): Promise<Tasks[Kind]['answer']>
  /** Stops the thread, whatever it is doing. */
  close(): Promise<void>
}

interface Waiting {
  readonly message: TaskMessage
  readonly resolve: (answer: never) => void
  readonly reject: (error: unknown) => void
}

export function openAnalyst(setup: AnalysisSetup): Analyst {
  const queue: Waiting[] = []
  let worker: Worker | null = null
  let running: Waiting | null = null
  let closed = false

  const start = (): Worker => {
    const thread = new Worker(workerFile(), { workerData: setup })
    let reason = 'it ended'
    thread.on('message', (message: AnswerMessage) => {
      const task = running
      running = null
      if ('failure' in message) task?.reject(asEngineError(message.failure))
      else task?.resolve(message.answer as never)
      next()
    })
    thread.on('error', (error) => (reason = error.message))
    // Comes after an error, and alone where the thread just ends: its task must not wait for ever.
    thread.on('exit', () => {
      worker = null
      const task = running
      running = null
      task?.reject(closed ? cancelled() : new EngineError('internal', `An analysis stopped unexpectedly: ${reason}.`))
      next()
    })
    return thread
  }
  const next = (): void => {
    if (running || closed) return
    running = queue.shift() ?? null
    if (!running) return
    worker ??= start()
    worker.postMessage(running.message)
  }

  return {
    ask: (kind, task, signal) =>
      new Promise((resolve, reject) => {
        if (closed || signal?.aborted) return reject(cancelled())
        const waiting: Waiting = { message: { kind, task }, resolve, reject }
        signal?.addEventListener('abort', () => {
          const at = queue.indexOf(waiting)
          if (at >= 0) queue.splice(at, 1)
          reject(cancelled())
        })
        queue.push(waiting)
        next()
      }),
    close: async () => {
      closed = true
      for (const { reject } of queue.splice(0)) reject(cancelled())
      await worker?.terminate()
    },
  }
}

function cancelled(): EngineError {
  return new EngineError('cancelled', 'It was cancelled.')
}

/** Beside this file as a source; as built, beside all other programs. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './analysis-worker.ts' : './analysis-worker.js', import.meta.url)
}
