import type { HashFactory, Measurer } from '../../fingerprint/measure.ts'
import type { Measurement, Numbers, TensorRange } from '../../fingerprint/types.ts'
import { describeFailure, type ByteSource, type ComputeEngine, type DeviceFailure } from './open.ts'

/** Fills `target` with the bytes of a range from `offset` (of the range) on; what it throws ends the measurement. */
export type ReadRange = (range: TensorRange, target: Uint8Array, offset: number) => void

/** Measures ranges by a device as long as it works, by the processor what the device does not support or fails at. */
export interface RangeMeasuring {
  /**
   * One measurement for each range. A range that the device failed at is read a second time.
   * @throws what `read` threw first, in the order of the ranges
   */
  measure(ranges: readonly TensorRange[], read: ReadRange): Promise<Measurement[]>
  /** Why the device was given up; null while it works, and where there is none. */
  failure(): DeviceFailure | null
}

/** @param engine the device being opened; null measures by the processor alone */
export function createRangeMeasuring(
  measurer: Measurer,
  createHash: HashFactory,
  engine: Promise<ComputeEngine> | null,
): RangeMeasuring {
  let failure: DeviceFailure | null = null
  let device: Promise<ComputeEngine | null> | null = null
  const giveUp = (error: unknown): null => {
    failure ??= describeFailure(error)
    device = null
    return null
  }
  // Caught at once: it may fail before the first job comes.
  device = engine?.catch(giveUp) ?? null
  return {
    failure: () => failure,
    async measure(ranges, read) {
      const open = await device
      const attempts = open ? await measureByDevice(open, createHash, ranges, read) : []
      const measurements = ranges.map((range, at) => {
        const attempt = attempts[at]
        if (attempt && 'measurement' in attempt) return attempt.measurement
        if (attempt && 'readFailure' in attempt) throw attempt.readFailure
        if (attempt) giveUp(attempt.deviceFailure)
        return measureByProcessor(measurer, range, read)
      })
      if (failure) open?.close()
      return measurements
    },
  }
}

type Attempt =
  | { readonly measurement: Measurement }
  /** The file is at fault. */
  | { readonly readFailure: unknown }
  | { readonly deviceFailure: unknown }

/** What became of each range; undefined for what is left to the processor. Settles when nothing is read any more. */
async function measureByDevice(
  engine: ComputeEngine,
  createHash: HashFactory,
  ranges: readonly TensorRange[],
  read: ReadRange,
): Promise<(Attempt | undefined)[]> {
  const attempts: (Attempt | undefined)[] = ranges.map(() => undefined)
  const taken = [...ranges.keys()].filter((at) => ranges[at]!.length > 0 && engine.supports(ranges[at]!.dtype))
  // After the first failure nothing else is read: the model is lost.
  let stopped: { readonly error: unknown } | null = null
  const sources = taken.map((at) =>
    hashedSource(ranges[at]!, createHash, (target, offset) => {
      if (stopped) throw stopped.error
      try {
        read(ranges[at]!, target, offset)
      } catch (error) {
        stopped = { error }
        throw error
      }
    }),
  )
  const requests = taken.map((at, i) => ({ dtype: ranges[at]!.dtype, shape: ranges[at]!.shape, source: sources[i]! }))
  const settled = await Promise.allSettled(promisesOf(engine, requests))
  // The file is closed next.
  stopped ??= { error: new Error('All tensors of this job have settled.') }
  for (const [i, at] of taken.entries()) attempts[at] = attemptOf(settled[i], sources[i]!)
  return attempts
}

/** An engine that throws instead of rejecting has failed at all of them. */
function promisesOf(
  engine: ComputeEngine,
  requests: Parameters<ComputeEngine['measure']>[0],
): ReturnType<ComputeEngine['measure']> {
  try {
    return engine.measure(requests)
  } catch (error) {
    return requests.map(() => Promise.reject(error))
  }
}

function attemptOf(settled: PromiseSettledResult<Numbers> | undefined, source: HashedSource): Attempt {
  const readFailure = source.failure()
  if (readFailure) return { readFailure: readFailure.error }
  if (settled?.status !== 'fulfilled') return { deviceFailure: settled?.reason ?? 'The device left out a tensor.' }
  const hash = source.hash()
  if (!hash) return { deviceFailure: 'The device did not ask for all bytes of a tensor, once and in order.' }
  return { measurement: { hash, ...settled.value } }
}

interface HashedSource extends ByteSource {
  read(target: Uint8Array, offset: number): void
  /** What reading threw; null where it did not. */
  failure(): { readonly error: unknown } | null
  /** SHA-256 over all bytes; null if they have not all gone by, once and in order. */
  hash(): Uint8Array | null
}

/** Numbers and hash come from the same bytes. */
function hashedSource({ length }: TensorRange, createHash: HashFactory, read: HashedSource['read']): HashedSource {
  const hash = createHash()
  let failure: { readonly error: unknown } | null = null
  let next = 0
  return {
    read(target, offset) {
      if (offset !== next) throw new Error(`byte ${offset} of a tensor was asked for in place of ${next}`)
      try {
        read(target, offset)
      } catch (error) {
        failure = { error }
        throw error
      }
      hash.update(target)
      next += target.length
    },
    failure: () => failure,
    hash: () => (next === length ? new Uint8Array(hash.digest()) : null),
  }
}

/** One pass: each chunk is read into the kernels' memory and measured there. */
function measureByProcessor(into: Measurer, range: TensorRange, read: ReadRange): Measurement {
  into.begin(range.dtype, range.shape)
  let offset = 0
  for (let buffer = into.nextBuffer(); buffer.length > 0; buffer = into.nextBuffer()) {
    read(range, buffer, offset)
    offset += buffer.length
    into.absorb()
  }
  return into.finish()
}
