const TICK_MS = 10_000
/** Two minutes: the slowest device reads a batch in seconds. */
const MOST_SILENT_TICKS = 12

/** Notices when nothing is heard for two minutes of something that is at work. Time in which the machine sleeps does not count. */
export interface Watch {
  heard(): void
  stop(): void
}

/** @param atWork whether it should be heard of */
export function watch(atWork: () => boolean, silent: () => void): Watch {
  let ticks = 0
  const timer = setInterval(() => {
    ticks = atWork() ? ticks + 1 : 0
    if (ticks >= MOST_SILENT_TICKS) silent()
  }, TICK_MS)
  return { heard: () => void (ticks = 0), stop: () => clearInterval(timer) }
}
