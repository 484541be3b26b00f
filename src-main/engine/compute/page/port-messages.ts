import type { FromComputePage, GrantedTensor } from '../../../contract/compute.ts'

// Between a thread that measures and the thread of the host. Ids are those of the thread.

/** From the thread. */
export type FromThread =
  | { readonly type: 'measure'; readonly tensors: readonly GrantedTensor[] }
  /** Answers a read. */
  | { readonly type: 'bytes'; readonly id: number; readonly bytes: Uint8Array }
  /** The tensor cannot be read, or is not wanted any more. */
  | { readonly type: 'withdraw'; readonly id: number }

/** To the thread: what the page says, checked. `unavailable` ends everything, whenever it comes. */
export type ToThread = FromComputePage
