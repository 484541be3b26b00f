import type { FromComputePage } from '../../../src-main/contract/compute.ts'

/** The page's line to the engine, whichever host carries it. */
export interface PageChannel {
  send(message: FromComputePage): void
  /** Called once. The messages are as they came. */
  onMessage(listener: (message: unknown) => void): void
  /** Called once. Nothing comes after it. */
  onClose(listener: () => void): void
  /** Fills `target`, at most LARGEST_READ bytes of it, with the next bytes of a granted tensor. Rejects where it cannot. */
  readInto(target: Uint8Array, id: number, offset: number): Promise<void>
}
