import * as v from 'valibot'
import { LARGEST_READ, ToComputePage, type GrantedTensor } from '../../../src-main/contract/compute.ts'
import { DTYPE_BITS, isDtype, storedBytes, type Dtype } from '../../../src-main/formats/dtype.ts'
import { ComputeFailure, type ComputeEngine, type TensorRequest } from '../types.ts'
import type { PageChannel } from './channel.ts'

/**
 * Measures what the engine asks for until its line ends.
 * @param open opens the device
 */
export function answerEngine(channel: PageChannel, open: () => Promise<ComputeEngine>): void {
  let engine: ComputeEngine | null = null
  const close = (): void => {
    engine?.close()
    engine = null
  }
  channel.onClose(close)
  channel.onMessage((data) => {
    const message = v.parse(ToComputePage, data)
    switch (message.type) {
      case 'open':
        close()
        return void openDevice(channel, open).then((opened) => (engine = opened))
      case 'measure':
        return measureAll(channel, engine, message.tensors)
      case 'close':
        return close()
    }
  })
}

async function openDevice(channel: PageChannel, open: () => Promise<ComputeEngine>): Promise<ComputeEngine | null> {
  try {
    const engine = await open()
    const dtypes = Object.keys(DTYPE_BITS).filter((name) => engine.supports(name as Dtype))
    channel.send({ type: 'opened', adapter: { ...engine.adapter }, dtypes })
    return engine
  } catch (error) {
    channel.send({ type: 'unavailable', ...reasonOf(error) })
    return null
  }
}

function measureAll(channel: PageChannel, engine: ComputeEngine | null, tensors: readonly GrantedTensor[]): void {
  const fail = (id: number, error: unknown): void => channel.send({ type: 'failed', id, ...reasonOf(error) })
  const known = tensors.filter((tensor) => {
    if (engine && isMeasurable(engine, tensor)) return true
    fail(tensor.id, new ComputeFailure('refused', `This page cannot measure ${tensor.dtype}.`))
    return false
  })
  engine?.measure(known.map((tensor) => requestOf(channel, tensor))).forEach((measuring, index) =>
    measuring.then(
      (numbers) => channel.send({ type: 'numbers', id: known[index]!.id, numbers }),
      (error: unknown) => fail(known[index]!.id, error),
    ),
  )
}

function isMeasurable(engine: ComputeEngine, { dtype, shape, bytes }: GrantedTensor): boolean {
  return isDtype(dtype) && engine.supports(dtype) && storedBytes(dtype, shape) === bytes
}

/** Reads no more at once than one read may ask for, and nothing beyond the tensor. */
function requestOf(channel: PageChannel, { id, dtype, shape, bytes }: GrantedTensor): TensorRequest {
  const read = async (target: Uint8Array, offset: number): Promise<void> => {
    if (offset + target.length > bytes) throw new RangeError(`The tensor ends after ${bytes} bytes.`)
    for (let at = 0; at < target.length; at += LARGEST_READ)
      await channel.readInto(target.subarray(at, at + LARGEST_READ), id, offset + at)
  }
  return { dtype: dtype as Dtype, shape, source: { read } }
}

/** What is no failure of the device is one of this page: either way the engine has to do without it. */
function reasonOf(error: unknown): Pick<ComputeFailure, 'reason' | 'message'> {
  const text = (error instanceof Error ? error.message : String(error)).slice(0, 1024)
  return { reason: error instanceof ComputeFailure ? error.reason : 'refused', message: text }
}
