// Goes before every kernel, after the constants and the struct Piece that layout.ts writes out.

@group(0) @binding(0) var<storage, read> input: array<u32>;
@group(0) @binding(1) var<storage, read> pieces: array<Piece>;
@group(0) @binding(2) var<storage, read> lists: array<u32>;

/** Which of the kernels this is: its workgroups of all pieces are counted through in the head of the lists. */
override KERNEL: u32;

const INFINITE = 0x7f800000u;
const MAGNITUDE = 0x7fffffffu;
const SMALLEST_NORMAL = 0x00800000u;

fn firstWorkgroup(piece: u32) -> u32 {
  return lists[1u + KERNEL * MOST_PIECES + piece];
}

/** The last piece that begins at this workgroup or before it: pieces that need no workgroup begin where the next one does. */
fn pieceOf(workgroup: u32) -> u32 {
  var low = 0u;
  var high = lists[0];
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (firstWorkgroup(middle) <= workgroup) { low = middle; } else { high = middle; }
  }
  return low;
}

fn word16(base: u32, at: u32) -> u32 {
  return (input[base + (at >> 1u)] >> ((at & 1u) * 16u)) & 0xffffu;
}

fn word8(base: u32, at: u32) -> u32 {
  return (input[base + (at >> 2u)] >> ((at & 3u) * 8u)) & 0xffu;
}

fn widenF16(half: u32) -> u32 {
  let sign = (half & 0x8000u) << 16u;
  let exponent = (half >> 10u) & 31u;
  let mantissa = half & 1023u;
  if (exponent == 31u) { return sign | INFINITE | (mantissa << 13u); }
  if (exponent > 0u) { return sign | ((exponent + 112u) << 23u) | (mantissa << 13u); }
  return sign | bitcast<u32>(f32(mantissa) * 0x1p-24f);
}

/** The F32 bits of an element, NaN and infinities included. Bits, because devices may take subnormal numbers for 0. */
fn bitsOf(piece: Piece, at: u32) -> u32 {
  switch piece.format {
    case FORMAT_F32: { return input[piece.base + at]; }
    case FORMAT_BF16: { return word16(piece.base, at) << 16u; }
    case FORMAT_F16: { return widenF16(word16(piece.base, at)); }
    case FORMAT_I16: { return bitcast<u32>(f32(bitcast<i32>(word16(piece.base, at) << 16u) >> 16u)); }
    case FORMAT_U16: { return bitcast<u32>(f32(word16(piece.base, at))); }
    default: { return lists[piece.values + word8(piece.base, at)]; }
  }
}

fn isFinite(bits: u32) -> bool {
  return (bits & INFINITE) != INFINITE;
}

/** floor(log2|x|) of finite bits that are not 0. */
fn exponentOf(bits: u32) -> i32 {
  let magnitude = bits & MAGNITUDE;
  if (magnitude >= SMALLEST_NORMAL) { return i32(magnitude >> 23u) - 127; }
  return i32(firstLeadingBit(magnitude)) - 149;
}

/**
 * x · 2^-exponent of finite bits, by integers alone; 0 below 2^-126. With the exponent of the largest magnitude, fourth
 * powers neither overflow nor vanish where they matter.
 */
fn scaled(bits: u32, exponent: i32) -> f32 {
  var magnitude = bits & MAGNITUDE;
  if (magnitude == 0u) { return 0.0; }
  var less = exponent;
  if (magnitude < SMALLEST_NORMAL) {
    magnitude = bitcast<u32>(f32(magnitude));
    less += 149;
  }
  let biased = i32(magnitude >> 23u) - less;
  if (biased < 1) { return 0.0; }
  return bitcast<f32>((bits & 0x80000000u) | (u32(biased) << 23u) | (magnitude & 0x7fffffu));
}

fn scaleOf(largest: u32) -> i32 {
  return select(exponentOf(largest), 0, largest == 0u);
}

/**
 * A number as the sum of two F32, about twice as exact as one (Dekker 1971; Knuth, The Art of Computer Programming 2, 4.2.2).
 * A compiler that reorders sums would spoil the low part, and leave what a plain F32 sum gives.
 */
struct Double {
  high: f32,
  low: f32,
}

fn plus(a: Double, b: Double) -> Double {
  let sum = a.high + b.high;
  let added = sum - a.high;
  let lost = (a.high - (sum - added)) + (b.high - added);
  return Double(sum, lost + (a.low + b.low));
}

fn times(a: Double, b: Double) -> Double {
  let product = a.high * b.high;
  // Halves of 12 bits: all products but the last are exact.
  let aUpper = bitcast<f32>(bitcast<u32>(a.high) & 0xfffff000u);
  let bUpper = bitcast<f32>(bitcast<u32>(b.high) & 0xfffff000u);
  let aLower = a.high - aUpper;
  let bLower = b.high - bUpper;
  let lost = (((aUpper * bUpper - product) + aUpper * bLower) + aLower * bUpper) + aLower * bLower;
  return Double(product, lost + (a.high * b.low + a.low * b.high));
}
