import type { PairRequest } from '../../../fingerprint/pairs.ts'
import type { AdapterReport, DeviceFailure } from '../open.ts'

/** To the process that measures pairs, one at a time: the next when the one before was answered. Opening comes first. */
export type ToPairProcess = { readonly allowSoftware: boolean } | { readonly request: PairRequest }

export type FromPairProcess =
  { readonly adapter: AdapterReport } | { readonly values: Float64Array | null } | { readonly failure: DeviceFailure }
