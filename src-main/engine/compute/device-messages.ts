import type { MeasureJob, MeasureResult } from '../jobs.ts'
import type { AdapterReport, ComputeSetup, DeviceFailure } from './open.ts'

/** From the engine to the process that holds the device. `open` comes first, once. */
export type ToDevice =
  | { readonly type: 'open'; readonly setup: ComputeSetup; readonly workers: number }
  | { readonly type: 'measure'; readonly id: number; readonly jobs: readonly MeasureJob[] }
  | { readonly type: 'hold'; readonly held: boolean }

/** What that process answers. */
export type FromDevice =
  | { readonly type: 'opened'; readonly adapter: AdapterReport }
  | { readonly type: 'unavailable'; readonly failure: DeviceFailure }
  | { readonly type: 'read'; readonly bytes: number }
  | {
      readonly type: 'result'
      readonly id: number
      readonly result: MeasureResult
      readonly failure: DeviceFailure | null
    }
