import * as v from 'valibot'

// What the engine and the compute page say to each other, whichever host carries it. Typed arrays are part of a message.

/** The most that one read asks for, in bytes: what is on the way between two processes at once stays small. */
export const LARGEST_READ = 8 * 1024 * 1024

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const Integer = v.pipe(v.number(), v.safeInteger())
const Text = v.pipe(v.string(), v.maxLength(1024))
/** Longer than the name of any dtype. */
const DtypeName = v.pipe(v.string(), v.maxLength(16))
const Finite = v.pipe(v.number(), v.finite())
/** Without an element there is no mean. */
const FiniteOrNaN = v.union([Finite, v.nan()])
const Bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array)
const Floats = v.custom<Float32Array>((value) => value instanceof Float32Array)

/** A tensor that the page may read, from its first byte to its last, and has to measure. */
const GrantedTensor = v.strictObject({
  /** Never used again. */
  id: Count,
  dtype: DtypeName,
  shape: v.pipe(v.array(Count), v.readonly()),
  /** Its length. */
  bytes: Count,
})
export type GrantedTensor = v.InferOutput<typeof GrantedTensor>

export const ToComputePage = v.variant('type', [
  /** Take the fastest device there is; one that computes on the processor says so. */
  v.strictObject({ type: v.literal('open') }),
  v.strictObject({ type: v.literal('measure'), tensors: v.array(GrantedTensor) }),
  /** Answers a read; null where the tensor is not wanted any more. */
  v.strictObject({ type: v.literal('bytes'), id: Count, bytes: v.nullable(Bytes) }),
  /** Free the device until the next `open`. */
  v.strictObject({ type: v.literal('close') }),
])
export type ToComputePage = v.InferOutput<typeof ToComputePage>

/** Why a device did not compute: the reasons of a ComputeFailure. */
const Reason = v.picklist(['none', 'software', 'limits', 'lost', 'out-of-memory', 'refused'])

const Moments = v.strictObject({
  count: Count,
  nan: Count,
  infinite: Count,
  zeros: Count,
  min: FiniteOrNaN,
  max: FiniteOrNaN,
  mean: FiniteOrNaN,
  variance: FiniteOrNaN,
  skewness: FiniteOrNaN,
  excessKurtosis: FiniteOrNaN,
  l1: Finite,
  sumSquares: Finite,
  smallestNonZero: FiniteOrNaN,
  spacingSquares: Finite,
})

/** The numbers of one tensor; whether they fit it is known to whoever asked for them. */
const Numbers = v.strictObject({
  moments: v.nullable(Moments),
  exponents: v.nullable(v.strictObject({ first: Integer, counts: v.pipe(v.array(Count), v.readonly()) })),
  sketch: v.nullable(Floats),
  sample: v.nullable(Bytes),
  grid: v.nullable(
    v.strictObject({
      scope: v.picklist(['tensor', 'row', 'group']),
      groupSize: Count,
      levels: Count,
      residual: Finite,
      steps: Floats,
    }),
  ),
})

export const FromComputePage = v.variant('type', [
  v.strictObject({
    type: v.literal('opened'),
    adapter: v.strictObject({ vendor: Text, architecture: Text, description: Text, software: v.boolean() }),
    /** What the device can measure. */
    dtypes: v.pipe(v.array(DtypeName), v.maxLength(64)),
  }),
  v.strictObject({ type: v.literal('unavailable'), reason: Reason, message: Text }),
  /** The next bytes of a tensor, at most LARGEST_READ. A host whose page reads by itself has no such message. */
  v.strictObject({ type: v.literal('read'), id: Count, offset: Count, length: Count }),
  /** Ends a tensor, as `failed` does. */
  v.strictObject({ type: v.literal('numbers'), id: Count, numbers: Numbers }),
  v.strictObject({ type: v.literal('failed'), id: Count, reason: Reason, message: Text }),
])
export type FromComputePage = v.InferOutput<typeof FromComputePage>
