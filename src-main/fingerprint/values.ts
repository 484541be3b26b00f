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

/** Of a dtype of 16 bits. */
const MOST_PATTERNS = 65536

/**
 * For dtypes of at most 16 bits: every bit pattern is counted, all numbers follow from the counts. Values are F32. What
 * it returns is kept for many tensors, one after the other, because the table of patterns is larger than most of them.
 */
export function createPatternCounter(kernels: Kernels): (dtype: Dtype, encoding: Encoding) => ValueCollector {
  const { buffer, base } = kernels
  const [block, patterns, found] = [base + OFFSETS.block, base + OFFSETS.patterns, base + OFFSETS.foundPatterns]
  const counts = new Float64Array(MOST_PATTERNS)
  /** Whose table lies in memory with all counts 0; null while a tensor is measured. */
  let ready: Dtype | null = null

  return (dtype, encoding) => {
    const values = patternValues(dtype)
    const table = new Uint32Array(buffer, patterns, 2 * values.length)
    const decode = encoding.bytes === 1 ? kernels.decode8 : kernels.decode16
    if (ready !== dtype) {
      table.set(patternTable(dtype))
      counts.fill(0)
    }
    ready = null
    const present: number[] = []
    let pending = 0
    const drain = () => {
      const length = kernels.findPatterns(patterns, values.length, found)
      for (const pattern of new Uint32Array(buffer, found, length)) {
        if (counts[pattern] === 0) present.push(pattern)
        counts[pattern]! += table[2 * pattern]!
        table[2 * pattern] = 0
      }
      pending = 0
    }
    return {
      add(source, count) {
        decode(source, count, block, patterns)
        pending += count
        if (pending >= MOST_COUNTED) drain()
        return block
      },
      finish() {
        drain()
        const distribution = fromPatterns(encoding, values, counts, present)
        for (const pattern of present) counts[pattern] = 0
        ready = dtype
        return distribution
      },
    }
  }
}

const knownTables = new Map<Dtype, Uint32Array>()

/** What decode8 and decode16 start from: counts of 0, and the values, which F32 holds exactly, NaN and infinities as 0. */
function patternTable(dtype: Dtype): Uint32Array {
  const known = knownTables.get(dtype)
  if (known) return known
  const table = new Float32Array(2 * patternValues(dtype).length)
  patternValues(dtype).forEach((x, pattern) => (table[2 * pattern + 1] = Number.isFinite(x) ? x : 0))
  const words = new Uint32Array(table.buffer)
  knownTables.set(dtype, words)
  return words
}

/** For dtypes of 32 and 64 bits: sums of powers. Values are F32 for F32, else F64. */
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
  const counters = new Uint32Array(buffer, base + OFFSETS.exponents, ((single ? 128 : 1024) - lowest) * LANES).fill(0)
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
      const special = measure(values, count, shift ?? 0, base + OFFSETS.sums, base + OFFSETS.exponents)
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
