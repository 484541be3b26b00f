import type { PairRequest } from '../fingerprint/pairs.ts'

/**
 * Work that can be given up between its steps: it pauses at each, mostly a fraction of a second apart. In place of a pause it may
 * ask for many pairs at once: whoever drives it answers with the next step; without an answer it measures them itself.
 */
export type Steps<T = void, Pause = void> = Generator<Pause | PairRequest, T, Float64Array | undefined>

/** Tells a request from a pause. */
export function isRequest<Pause>(step: Pause | PairRequest): step is PairRequest {
  return typeof step === 'object' && step !== null && 'operation' in step
}

/** All steps at once, on the processor. */
export function finish<T, Pause>(steps: Steps<T, Pause>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same work, saying at each pause what it is part of. */
export function during<T, Pause>(part: Pause, steps: Steps<T>): Steps<T, Pause> {
  return retold(steps, () => part)
}

/** The same work, saying something else at each pause. */
export function* retold<T, Pause, Told>(steps: Steps<T, Pause>, tell: (pause: Pause) => Told): Steps<T, Told> {
  let step = steps.next()
  while (!step.done) step = steps.next(yield isRequest(step.value) ? step.value : tell(step.value))
  return step.value
}
