import { setImmediate } from 'node:timers/promises'
import type { PairEngine } from '../fingerprint/pairs.ts'
import { isRequest, type Steps } from '../heritage/steps.ts'

/** Longest time without a look at what else there is to do, in milliseconds, if steps are short. */
const REST_EVERY = 50

/**
 * Does long work step by step, with rests in between at which signals, timers and messages come through.
 *
 * @param onPause told at each rest how far the work is
 * @param pairs answers what the work asks; once it has failed the work does without, as it does without an engine
 * @throws the reason of the signal, at the next rest after it was aborted
 */
export async function drive<T, Pause>(
  steps: Steps<T, Pause>,
  signal?: AbortSignal,
  onPause?: (pause: Pause) => void,
  pairs: PairEngine | null = null,
): Promise<T> {
  let rested = performance.now()
  let engine = pairs
  for (let step = steps.next(); ;) {
    if (step.done) return step.value
    if (isRequest(step.value)) {
      const answer = await engine?.measure(step.value).catch(() => (engine = null))
      signal?.throwIfAborted()
      step = steps.next(answer ?? undefined)
      continue
    }
    if (performance.now() - rested >= REST_EVERY) {
      onPause?.(step.value)
      await setImmediate()
      signal?.throwIfAborted()
      rested = performance.now()
    }
    step = steps.next()
  }
}
