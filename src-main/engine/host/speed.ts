/** Long enough to be steady, short enough to follow the drive. */
const WINDOW_MS = 5000
/** Of less, a speed says more of when the threads began than of the drive. */
const SHORTEST_MS = 1000

/** Bytes per second over the last few seconds. */
export class Speed {
  #marks: { readonly time: number; readonly bytes: number }[] = []

  /** @param time in milliseconds, from any zero */
  add(bytes: number, time: number): void {
    this.#marks.push({ time, bytes })
    while (this.#marks.length > 2 && time - this.#marks[1]!.time > WINDOW_MS) this.#marks.shift()
  }

  /** Null where it cannot be told yet. */
  perSecond(): number | null {
    const first = this.#marks[0]
    const last = this.#marks.at(-1)
    if (!first || !last || last.time - first.time < SHORTEST_MS) return null
    return ((last.bytes - first.bytes) / (last.time - first.time)) * 1000
  }

  /** After a pause. */
  forget(): void {
    this.#marks = []
  }
}
