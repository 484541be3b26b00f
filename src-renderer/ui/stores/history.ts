/** Something that changes in steps, each of which can be taken back. */
export interface History<T> {
  /** Oldest first. */
  readonly past: readonly T[]
  readonly present: T
  /** Next first. */
  readonly future: readonly T[]
  /** Names the kind of the last step, so that steps of one kind can be one; null where the next is a step of its own. */
  readonly kind: string | null
}

/** More steps than anybody takes back. */
const MOST_STEPS = 200

export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [], kind: null }
}

/**
 * Makes `next` the present.
 *
 * @param kind steps that follow each other and share a kind are taken back as one (letters typed into a field)
 */
export function record<T>(history: History<T>, next: T, kind: string | null = null): History<T> {
  const same = kind !== null && kind === history.kind
  const past = same ? history.past : [...history.past, history.present].slice(-MOST_STEPS)
  return { past, present: next, future: [], kind }
}

/** The same history where there is nothing to take back. */
export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1)
  if (previous === undefined) return history
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    kind: null,
  }
}

/** The same history where nothing was taken back. */
export function redo<T>(history: History<T>): History<T> {
  const next = history.future[0]
  if (next === undefined) return history
  return { past: [...history.past, history.present], present: next, future: history.future.slice(1), kind: null }
}
