import type { Dtype } from '../formats/dtype.ts'
import { LANES, LOWEST_EXPONENT_32, LOWEST_EXPONENT_64 } from './constants.ts'
import { patternValues, type Encoding } from './encodings.ts'
import { SUMS, type Kernels } from './kernels/kernels.ts'
import { OFFSETS } from './kernels/layout.ts'
import { drainExponents, emptyExponents, fromPatterns, fromSums, type Distribution } from './moments.ts'

/** Takes the elements of one tensor block by block. */
export interface ValueCollector {
  /** Takes stored elements at an address; returns the address of their values, NaN and infinities as 0. */
  add(source: number, count: number): number
  finish(): Distribution
}

/** Elements after which 32-bit counters are emptied. */
const MOST_COUNTED = 2 ** 31

const knownTables = new Map<Dtype, Float32Array>()

/** What the kernels look bit patterns up in: F32 holds all of these numbers exactly. */
function finiteValues(dtype: Dtype): Float32Array {
  const table = knownTables.get(dtype) ?? Float32Array.from(patternValues(dtype), (x) => (Number.isFinite(x) ? x : 0))
  knownTables.set(dtype, table)
  return table
}

/** dtypes of at most 16 bits: every bit pattern is counted, all numbers follow from the counts. Values are F32. */
export function countPatterns(kernels: Kernels, dtype: Dtype, encoding: Encoding): ValueCollector {
  const { buffer, base } = kernels
  const values = patternValues(dtype)
  const counters = new Uint32Array(buffer, base + OFFSETS.counters, values.length).fill(0)
  new Float32Array(buffer, base + OFFSETS.table, values.length).set(finiteValues(dtype))
  const decode = encoding.bytes === 1 ? kernels.decode8 : kernels.decode16
  const counts = new Float64Array(values.length)
  let pending = 0
  const drain = () => {
    for (let pattern = 0; pattern < counts.length; pattern++) {
      if (counters[pattern]! > 0) counts[pattern]! += counters[pattern]!
    }
    counters.fill(0)
    pending = 0
  }
  return {
    add(source, count) {
      decode(source, count, base + OFFSETS.table, base + OFFSETS.block, base + OFFSETS.counters)
      pending += count
      if (pending >= MOST_COUNTED) drain()
      return base + OFFSETS.block
    },
    finish() {
      drain()
      return fromPatterns(encoding, values, counts)
    },
  }
}

/** dtypes of 32 and 64 bits: sums of powers. Values are F32 for F32, else F64. */
export function sumPowers(kernels: Kernels, dtype: Dtype, encoding: Encoding): ValueCollector {
  const { buffer, base } = kernels
  const single = dtype === 'F32'
  const lowest = single ? LOWEST_EXPONENT_32 : LOWEST_EXPONENT_64
  const [measure, clean] = single ? [kernels.measure32, kernels.clean32] : [kernels.measure64, kernels.clean64]
  const widen = wideningOf(kernels, dtype)
  const block = base + OFFSETS.block
  const sums = new Float64Array(buffer, base + OFFSETS.sums, SUMS.length).fill(0)
  sums[SUMS.min] = Infinity
  sums[SUMS.max] = -Infinity
  sums[SUMS.smallestNonZero] = Infinity
  const counters = new Uint32Array(buffer, base + OFFSETS.counters, ((single ? 128 : 1024) - lowest) * LANES).fill(0)
  const exponents = emptyExponents()
  let taken = 0
  let pending = 0
  let shift: number | null = null
  return {
    add(source, count) {
      widen?.(source, count, block)
      const values = widen ? block : source
      shift ??= single
        ? meanOfFinite(new Float32Array(buffer, values, count), Math.fround)
        : meanOfFinite(new Float64Array(buffer, values, count), (x) => x)
      const special = measure(values, count, shift ?? 0, base + OFFSETS.sums, base + OFFSETS.counters)
      taken += count
      pending += count
      if (pending >= MOST_COUNTED) {
        drainExponents(counters, lowest, exponents)
        pending = 0
      }
      if (special === 0) return values
      clean(values, count, block)
      return block
    },
    finish() {
      drainExponents(counters, lowest, exponents)
      return fromSums(encoding, taken, shift ?? 0, sums, exponents)
    },
  }
}

function wideningOf(kernels: Kernels, dtype: Dtype): Kernels['widenI32'] | null {
  if (dtype === 'I32') return kernels.widenI32
  if (dtype === 'U32') return kernels.widenU32
  if (dtype === 'I64') return kernels.widenI64
  if (dtype === 'U64') return kernels.widenU64
  return null
}

/** Null if there is no finite value. Rounded to F32 for F32 values: differences of neighbours in F32 are exact. */
function meanOfFinite(values: Float32Array | Float64Array, round: (x: number) => number): number | null {
  let sum = 0
  let count = 0
  for (const x of values) {
    if (!Number.isFinite(x)) continue
    sum += x
    count++
  }
  return count > 0 ? round(sum / count) : null
}
