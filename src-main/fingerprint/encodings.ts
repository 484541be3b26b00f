import { DTYPE_BITS, type Dtype } from '../formats/dtype.ts'

/** How a dtype stores numbers. */
export interface Encoding {
  /** Bytes of one element. */
  readonly bytes: number
  /** Significant bits of a normal number, the hidden one included; 0 for integers. */
  readonly precision: number
  /** floor(log2) of the smallest normal number. */
  readonly lowestNormal: number
  /** Dtypes of at most 16 bits: the number that a bit pattern stands for. */
  readonly decode: ((pattern: number) => number) | null
}

/** Which patterns stand for no finite number: as in IEEE 754, all bits set, or minus zero alone (the FNUZ formats). */
type Specials = 'ieee' | 'all-ones' | 'minus-zero'

function smallFloat(
  bytes: number,
  exponentBits: number,
  mantissaBits: number,
  bias: number,
  specials: Specials,
): Encoding {
  const signBit = 2 ** (exponentBits + mantissaBits)
  const unit = 2 ** mantissaBits
  const lastExponent = 2 ** exponentBits - 1
  const decode = (pattern: number) => {
    const sign = pattern >= signBit ? -1 : 1
    const size = pattern % signBit
    const exponent = Math.floor(size / unit)
    const mantissa = size % unit
    if (specials === 'ieee' && exponent === lastExponent) return mantissa ? NaN : sign * Infinity
    if (specials === 'all-ones' && size === signBit - 1) return NaN
    if (specials === 'minus-zero' && pattern === signBit) return NaN
    const significand = exponent ? unit + mantissa : mantissa
    return sign * significand * 2 ** (Math.max(exponent, 1) - bias - mantissaBits)
  }
  return { bytes, precision: mantissaBits + 1, lowestNormal: 1 - bias, decode }
}

function integer(bytes: number, decode: Encoding['decode'] = null): Encoding {
  return { bytes, precision: 0, lowestNormal: 0, decode }
}

const ENCODINGS: Partial<Record<Dtype, Encoding>> = {
  F64: { bytes: 8, precision: 53, lowestNormal: -1022, decode: null },
  F32: { bytes: 4, precision: 24, lowestNormal: -126, decode: null },
  F16: smallFloat(2, 5, 10, 15, 'ieee'),
  BF16: smallFloat(2, 8, 7, 127, 'ieee'),
  F8_E5M2: smallFloat(1, 5, 2, 15, 'ieee'),
  F8_E4M3: smallFloat(1, 4, 3, 7, 'all-ones'),
  F8_E5M2FNUZ: smallFloat(1, 5, 2, 16, 'minus-zero'),
  F8_E4M3FNUZ: smallFloat(1, 4, 3, 8, 'minus-zero'),
  F8_E8M0: { bytes: 1, precision: 1, lowestNormal: -127, decode: (p) => (p === 255 ? NaN : 2 ** (p - 127)) },
  BOOL: integer(1, (p) => (p ? 1 : 0)),
  U8: integer(1, (p) => p),
  I8: integer(1, (p) => (p << 24) >> 24),
  U16: integer(2, (p) => p),
  I16: integer(2, (p) => (p << 16) >> 16),
  U32: integer(4),
  I32: integer(4),
  U64: integer(8),
  I64: integer(8),
}

/** Null for a dtype whose elements are not measured (sub-byte floats, complex numbers). */
export function encodingOf(dtype: Dtype): Encoding | null {
  return ENCODINGS[dtype] ?? null
}

export function isFloat(dtype: Dtype): boolean {
  return (ENCODINGS[dtype]?.precision ?? 0) > 0
}

const knownValues = new Map<Dtype, Float64Array>()

/** The numbers that all bit patterns of a dtype of at most 16 bits stand for, NaN and infinities included. */
export function patternValues(dtype: Dtype): Float64Array {
  const known = knownValues.get(dtype)
  if (known) return known
  const decode = encodingOf(dtype)?.decode
  if (!decode) throw new RangeError(`${dtype} has too many bit patterns to list`)
  const values = Float64Array.from({ length: 2 ** DTYPE_BITS[dtype] }, (_, pattern) => decode(pattern))
  knownValues.set(dtype, values)
  return values
}

/** The numbers in little-endian bytes of a float dtype of at most 32 bits or a small integer. */
export function decodeElements(dtype: Dtype, bytes: Uint8Array): Float64Array {
  const copy = bytes.slice().buffer
  if (dtype === 'F32') return new Float64Array(new Float32Array(copy))
  const values = patternValues(dtype)
  const patterns = DTYPE_BITS[dtype] === 8 ? bytes : new Uint16Array(copy)
  const decoded = new Float64Array(patterns.length)
  for (let i = 0; i < decoded.length; i++) decoded[i] = values[patterns[i]!]!
  return decoded
}

/** Squared distance between neighbours of the store at a finite number of which floor(log2|x|) is given; -Infinity for 0. */
export function spacingSquare(encoding: Encoding, exponent: number): number {
  if (encoding.precision === 0) return 1
  return 4 ** (Math.max(exponent, encoding.lowestNormal) - encoding.precision + 1)
}

/** How far rounding to the store can move a finite number: half the distance to its neighbours. */
export function halfSpacing(encoding: Encoding, x: number): number {
  return Math.sqrt(spacingSquare(encoding, x === 0 ? -Infinity : exponentOf(x))) / 2
}

const number64 = new Float64Array(1)
const words = new Uint32Array(number64.buffer)

/** floor(log2|x|), exactly, of a finite x that is not 0. */
export function exponentOf(x: number): number {
  number64[0] = x
  const biased = (words[1]! >>> 20) & 0x7ff
  // 2^54 makes a subnormal a normal number.
  return biased > 0 ? biased - 1023 : exponentOf(x * 2 ** 54) - 54
}
