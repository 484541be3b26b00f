import type { MeasureJob, MeasureResult } from '../../jobs.ts'
import type { DeviceFailure, OpenedDevice } from '../open.ts'

/** From the engine to the process that holds the device. `open` comes first, once. */
export type ToDevice =
  | { readonly type: 'open'; readonly workers: number; readonly allowSoftware: boolean }
  | { readonly type: 'measure'; readonly id: number; readonly jobs: readonly MeasureJob[] }
  | { readonly type: 'hold'; readonly held: boolean }

/** What that process answers. */
export type FromDevice =
  | { readonly type: 'device'; readonly opened: OpenedDevice }
  | { readonly type: 'read'; readonly bytes: number }
  | {
      readonly type: 'result'
      readonly id: number
      readonly result: MeasureResult
      readonly failure: DeviceFailure | null
    }
