import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { EngineError, type EngineFailure } from '../../../src-main/contract/errors.ts'

/** Where a question to the engine stands. The last answer to the same question stays while it is asked again. */
export interface Answer<T> {
  readonly state: 'none' | 'loading' | 'ready' | 'failed'
  readonly value: T | null
  readonly failure: EngineFailure | null
}

const NONE: Answer<never> = { state: 'none', value: null, failure: null }

/**
 * Asks whenever the question changes, and again when `version` does; what was asked before is then cancelled.
 *
 * @param question compared by its parts; null asks nothing
 */
export function useAnswer<Question extends readonly string[], T>(
  question: () => Question | null,
  version: () => unknown,
  ask: (question: Question, signal: AbortSignal) => Promise<T>,
): { readonly answer: ShallowRef<Answer<T>>; readonly again: () => void } {
  const answer = shallowRef<Answer<T>>(NONE)
  let running: AbortController | null = null

  async function run(keep: boolean): Promise<void> {
    running?.abort()
    const asked = question()
    if (!asked) {
      answer.value = NONE
      return
    }
    const controller = (running = new AbortController())
    answer.value = { state: 'loading', value: keep ? answer.value.value : null, failure: null }
    try {
      const value = await ask(asked, controller.signal)
      if (!controller.signal.aborted) answer.value = { state: 'ready', value, failure: null }
    } catch (error) {
      if (!controller.signal.aborted) answer.value = { state: 'failed', value: null, failure: failureOf(error) }
    }
  }

  watch([() => question()?.join('\0'), version] as const, ([asked], [before]) => void run(asked === before), {
    immediate: true,
  })
  onScopeDispose(() => running?.abort())
  return { answer, again: () => void run(false) }
}

function failureOf(error: unknown): EngineFailure {
  return (error instanceof EngineError ? error : new EngineError('internal', String(error))).toFailure()
}
