import { setImmediate } from 'node:timers/promises'
import type { Steps } from '../heritage/steps.ts'

/** Longest time without a look at what else there is to do, in milliseconds, if steps are short. */
const REST_EVERY = 50

/**
 * Does long work step by step, with rests in between at which signals, timers and messages come through.
 *
 * @param onPause told at each rest how far the work is
 * @throws the reason of the signal, at the next rest after it was aborted
 */
export async function drive<T, Pause>(
  steps: Steps<T, Pause>,
  signal?: AbortSignal,
  onPause?: (pause: Pause) => void,
): Promise<T> {
  let rested = performance.now()
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    if (performance.now() - rested < REST_EVERY) continue
    onPause?.(step.value)
    await setImmediate()
    signal?.throwIfAborted()
    rested = performance.now()
  }
}
