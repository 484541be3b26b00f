import { bfloat16, gaussian } from '../fingerprint/support.ts'

/** What the compute page is given to measure. */
export const MATRIX = { dtype: 'BF16', shape: [300, 257], bytes: bfloat16(gaussian(300 * 257, 11, 0.02)) } as const
