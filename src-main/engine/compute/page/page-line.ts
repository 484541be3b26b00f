import type { ToComputePage } from '../../../contract/compute.ts'

/** The way to a compute page, for one session. */
export interface PageLine {
  send(message: ToComputePage): void
  /** The page is not needed any more, or, with a reason, said what no page of this version says. */
  close(reason: string | null): void
}

/** What a host hands on of what it hears from its page. */
export interface PageListener {
  /** As it came: it is checked here. */
  hear(message: unknown): void
  /**
   * For pages that read by themselves. The next bytes of a granted tensor, at most LARGEST_READ.
   * @throws ReadRefusal
   */
  read(id: number, offset: number, length: number): Promise<Uint8Array>
  /**
   * Once, whatever ended it.
   * @param reason a clause
   */
  gone(reason: string): void
}

/**
 * Begins a session with the compute page of a host; one that does not run yet is started, and messages wait for it.
 * Null where there is none.
 */
export type OpenComputePage = (listener: PageListener) => PageLine | null

/** Why bytes were not handed over: there was no such tensor, it is not wanted any more, or it is not its turn. */
export class ReadRefusal extends Error {
  readonly reason: 'unknown' | 'withdrawn' | 'range'

  constructor(reason: ReadRefusal['reason'], message: string) {
    super(message)
    this.name = 'ReadRefusal'
    this.reason = reason
  }
}
