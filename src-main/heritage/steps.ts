/** Work that can be given up between its steps: it pauses at each, mostly a fraction of a second apart. */
export type Steps<T = void, Pause = void> = Generator<Pause, T>

/** All steps at once. */
export function finish<T, Pause>(steps: Steps<T, Pause>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same work, saying at each pause what it is part of. */
export function* during<T, Pause>(part: Pause, steps: Steps<T>): Steps<T, Pause> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    yield part
  }
}
