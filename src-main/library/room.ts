/** Something large that can be had again. */
export interface Held {
  readonly bytes: number
  /** Set by whoever uses it; what was not used since the room last looked at it makes place first. */
  used: boolean
  drop(): void
}

/** Room for a number of bytes, given to what was used lately: a queue with a second chance (the clock of Corbató 1968). */
export class Room {
  readonly #limit: number
  readonly #held = new Set<Held>()
  #bytes = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Takes something in that is not there, and drops what there is no room for. */
  admit(item: Held): void {
    this.#held.add(item)
    this.#bytes += item.bytes
    // A set goes through what is added meanwhile as well: what was used comes round once more, unused.
    for (const oldest of this.#held) {
      if (this.#bytes <= this.#limit) return
      this.#held.delete(oldest)
      if (oldest.used) {
        oldest.used = false
        this.#held.add(oldest)
      } else {
        this.#bytes -= oldest.bytes
        oldest.drop()
      }
    }
  }
}
