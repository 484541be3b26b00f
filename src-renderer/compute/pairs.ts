import type { PairEngine, PairRequest } from '../../src-main/fingerprint/pairs.ts'
import { guarded } from './guard.ts'
import { listRows, packRows, scaleOf, type RowList } from './pack-rows.ts'
import { ComputeFailure, type ShaderSources } from './types.ts'

/** Rows and columns of the pairs that one workgroup measures. */
const TILE = 64
/** Groups of four elements of each row that a workgroup holds at once. */
const DEPTH = 4
/** So that each of these is written down once. */
const PRELUDE = `const TILE = ${TILE}u; const DEPTH = ${DEPTH}u;`

/** What squares below the smallest normal F32 lose of a value is less than 2^-24 of it, where the value is this times the length. */
const TRUSTED = 2 ** (24 - 126)

/** Takes every request. */
export interface DevicePairs extends PairEngine {
  measure(request: PairRequest): Promise<Float64Array>
}

/** What a device holds at once, in bytes. */
export interface PairRoom {
  /** Rows of one list; those of the other take as much. */
  readonly rows: number
  /** Values where they are computed; where they are read they take as much. */
  readonly values: number
}

/**
 * 96 MiB in all, below what every device can bind. At most 2,048 × 2,048 pairs of 4,096 numbers at a time: a slow device takes a
 * fraction of a second for them, and drivers stop what takes longer than two.
 */
const ROOM: PairRoom = { rows: 2 ** 25, values: 2 ** 24 }

/**
 * Prepares a device to measure pairs of vectors. It needs no feature, and no more than the limits that every device has.
 *
 * @returns an engine whose `measure` rejects with a ComputeFailure where the device fails; the device stays the caller's
 * @throws ComputeFailure where the kernel cannot be compiled
 */
export async function openPairEngine(device: GPUDevice, shaders: ShaderSources, room = ROOM): Promise<DevicePairs> {
  const code = shaders['pairs']
  if (code === undefined) throw new Error('The kernel pairs.wgsl is missing.')
  const pipelines = await guarded(device, () => compile(device, `${PRELUDE}\n${code}`))
  let before: Promise<unknown> = Promise.resolve()
  return {
    measure: (request) => {
      // One after the other: the room is that of one.
      const measured = before.then(() => measureAll(device, pipelines, request, room))
      before = measured.catch(() => {})
      return measured
    },
  }
}

type Pipelines = Readonly<Record<PairRequest['operation'], GPUComputePipeline>>

async function compile(device: GPUDevice, code: string): Promise<Pipelines> {
  const module = device.createShaderModule({ label: 'pairs', code })
  const types = ['read-only-storage', 'read-only-storage', 'storage', 'uniform'] as const
  const bindings = device.createBindGroupLayout({
    entries: types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
  })
  const layout = device.createPipelineLayout({ bindGroupLayouts: [bindings] })
  const pipeline = (distances: number): Promise<GPUComputePipeline> =>
    device.createComputePipelineAsync({ layout, compute: { module, constants: { DISTANCES: distances } } })
  const [products, distances] = await Promise.all([pipeline(0), pipeline(1)])
  return { 'inner product': products, 'squared distance': distances }
}

async function measureAll(
  device: GPUDevice,
  pipelines: Pipelines,
  { operation, rows, others }: PairRequest,
  room: PairRoom,
): Promise<Float64Array> {
  const same = rows === others
  const down = listRows(rows)
  const across = same ? down : listRows(others)
  const scale = scaleOf([down, across])
  const answer = new Float64Array(rows.length * others.length).fill(NaN)
  const length = Math.ceil(rows[0]!.length / (4 * DEPTH)) * 4 * DEPTH
  const most = blockLength(length, room)
  const height = Math.min(most, rows.length)
  const width = Math.min(most, others.length)
  const buffers = await guarded(device, () => createBuffers(device, length, height, width))
  try {
    for (let top = 0; top < rows.length; top += height) {
      const bottom = Math.min(top + height, rows.length)
      const pack = (list: RowList, start: number, end: number) => packRows(list, start, end, length, scale)
      const firstLeft = same ? top : 0
      for (let left = firstLeft; left < others.length; left += width) {
        const right = Math.min(left + width, others.length)
        const block = { top, bottom, left, right, onDiagonal: same && left === top }
        const uploads: Uploads = {
          rows: left === firstLeft ? pack(down, top, bottom) : null,
          others: block.onDiagonal ? null : pack(across, left, right),
        }
        const values = await guarded(device, () =>
          measureBlock(device, pipelines[operation], buffers, length, block, uploads),
        )
        keep(values, block, { down, across, scale, answer })
      }
    }
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy()
  }
  return answer
}

/** Rows and others of one block, so that both fit and their pairs do. @throws ComputeFailure where not even one fits */
function blockLength(length: number, room: PairRoom): number {
  const most = Math.min(Math.floor(room.rows / (4 * length)), Math.floor(Math.sqrt(room.values / 4)))
  if (most >= 1) return most
  throw new ComputeFailure('limits', `Vectors of ${length} numbers are too long for the graphics card.`)
}

type Buffers = Readonly<Record<'rows' | 'others' | 'values' | 'sizes' | 'readback', GPUBuffer>>

function createBuffers(device: GPUDevice, length: number, height: number, width: number): Buffers {
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage
  const buffer = (size: number, usage: number): GPUBuffer => device.createBuffer({ size, usage })
  return {
    rows: buffer(4 * height * length, STORAGE | COPY_DST),
    others: buffer(4 * width * length, STORAGE | COPY_DST),
    values: buffer(4 * height * width, STORAGE | COPY_SRC),
    sizes: buffer(16, UNIFORM | COPY_DST),
    readback: buffer(4 * height * width, COPY_DST | MAP_READ),
  }
}

/** A rectangle of the pairs. */
interface Block {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
  /** Rows of one list with themselves. */
  readonly onDiagonal: boolean
}

/** Packed rows that the device does not hold yet. */
interface Uploads {
  readonly rows: Float32Array<ArrayBuffer> | null
  readonly others: Float32Array<ArrayBuffer> | null
}

async function measureBlock(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  buffers: Buffers,
  length: number,
  { top, bottom, left, right, onDiagonal }: Block,
  uploads: Uploads,
): Promise<Float32Array> {
  if (uploads.rows) device.queue.writeBuffer(buffers.rows, 0, uploads.rows)
  if (uploads.others) device.queue.writeBuffer(buffers.others, 0, uploads.others)
  const [height, width] = [bottom - top, right - left]
  device.queue.writeBuffer(buffers.sizes, 0, Uint32Array.of(height, width, length / 4, onDiagonal ? 1 : 0))
  const bound = [buffers.rows, onDiagonal ? buffers.rows : buffers.others, buffers.values, buffers.sizes]
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
    }),
  )
  pass.dispatchWorkgroups(Math.ceil(width / TILE), Math.ceil(height / TILE))
  pass.end()
  const bytes = 4 * height * width
  encoder.copyBufferToBuffer(buffers.values, 0, buffers.readback, 0, bytes)
  device.queue.submit([encoder.finish()])
  await buffers.readback.mapAsync(GPUMapMode.READ, 0, bytes)
  const values = new Float32Array(buffers.readback.getMappedRange(0, bytes)).slice()
  buffers.readback.unmap()
  return values
}

interface Kept {
  readonly down: RowList
  readonly across: RowList
  readonly scale: number
  readonly answer: Float64Array
}

/** Puts the values of a block where they belong, but those that float32 cannot tell and those that nobody asked for. */
function keep(values: Float32Array, block: Block, { down, across, scale, answer }: Kept): void {
  const { top, bottom, left, right, onDiagonal } = block
  const least = TRUSTED * down.rows[top]!.length
  for (let i = top; i < bottom; i++) {
    if (!Number.isFinite(down.magnitudes[i]!)) continue
    for (let j = onDiagonal ? i + 1 : left; j < right; j++) {
      const value = values[(i - top) * (right - left) + j - left]!
      if (Math.abs(value) < least || !Number.isFinite(across.magnitudes[j]!)) continue
      answer[i * across.rows.length + j] = value / scale / scale
    }
  }
}
