import type { BatchResults, PieceRequest, PlacedPiece } from './kernels/kernel.ts'
import { kernels } from './kernels/registry.ts'
import {
  BATCH_ELEMENTS,
  FORMATS,
  KERNELS,
  LIST_HEAD,
  MOST_PIECES,
  PIECE_FIELDS,
  type KernelName,
  type PieceFields,
} from './layout.ts'

/** All elements as F32. */
const INPUT_BYTES = 4 * BATCH_ELEMENTS
/** Two F32 for each element at most. */
const SCRATCH_BYTES = 8 * BATCH_ELEMENTS
/** Indices of the rows or columns of the longest piece, and room for what else a piece lists: less than an eighth of it. */
const LIST_WORDS = LIST_HEAD + BATCH_ELEMENTS + BATCH_ELEMENTS / 8
/** Four times what the most demanding piece leaves: 65,536 patterns and 40,960 words of sums. */
const RESULT_WORDS = 2 ** 19

/** The largest buffer that a batch binds, in bytes. */
export const LARGEST_BINDING = Math.max(INPUT_BYTES, SCRATCH_BYTES, 4 * LIST_WORDS, 4 * RESULT_WORDS)

/** The compiled kernels of one device. */
export interface Pipelines {
  readonly layout: GPUBindGroupLayout
  readonly kernels: Readonly<Record<KernelName, GPUComputePipeline>>
}

/** What travels to the device and back at once: pieces of one or many tensors. Used over and over. */
export class Batch {
  readonly #device: GPUDevice
  readonly #pipelines: Pipelines
  readonly #bindings: GPUBindGroup
  readonly #buffers: Readonly<Record<'input' | 'pieces' | 'lists' | 'scratch' | 'results' | 'readback', GPUBuffer>>
  readonly #input = new Uint8Array(INPUT_BYTES)
  readonly #pieces = new Uint32Array(PIECE_FIELDS.length * MOST_PIECES)
  readonly #lists = new Uint32Array(LIST_WORDS)
  /** Places of lists that more than one piece uses. */
  readonly #shared = new Map<Uint32Array, number>()
  readonly #workgroups = new Uint32Array(KERNELS.length)
  #count = 0
  #inputEnd = 0
  #listEnd = LIST_HEAD
  #scratchEnd = 0
  #resultEnd = 0

  constructor(device: GPUDevice, pipelines: Pipelines) {
    this.#device = device
    this.#pipelines = pipelines
    const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage
    const buffer = (size: number, usage: number): GPUBuffer => device.createBuffer({ size, usage })
    this.#buffers = {
      input: buffer(INPUT_BYTES, STORAGE | COPY_DST),
      pieces: buffer(this.#pieces.byteLength, STORAGE | COPY_DST),
      lists: buffer(4 * LIST_WORDS, STORAGE | COPY_DST),
      scratch: buffer(SCRATCH_BYTES, STORAGE),
      results: buffer(4 * RESULT_WORDS, STORAGE | COPY_DST | COPY_SRC),
      readback: buffer(4 * RESULT_WORDS, COPY_DST | MAP_READ),
    }
    const { readback: _, ...bound } = this.#buffers
    const entries = Object.values(bound).map((buffer, binding) => ({ binding, resource: { buffer } }))
    this.#bindings = device.createBindGroup({ layout: pipelines.layout, entries })
  }

  get empty(): boolean {
    return this.#count === 0
  }

  /** Whether there is room for a piece. An empty batch has room for any. */
  fits(request: PieceRequest, elementBytes: number): boolean {
    return (
      this.#count < MOST_PIECES &&
      this.#inputEnd + request.piece.count * elementBytes <= INPUT_BYTES &&
      this.#scratchEnd + request.piece.count <= BATCH_ELEMENTS &&
      this.#listEnd + this.#listWords(request) <= LIST_WORDS &&
      this.#resultEnd + resultWords(request) <= RESULT_WORDS
    )
  }

  /** Where the bytes of the next piece go. */
  room(bytes: number): Uint8Array {
    return this.#input.subarray(this.#inputEnd, this.#inputEnd + bytes)
  }

  /** Takes a piece whose bytes lie in `room(bytes)`. */
  place(request: PieceRequest, bytes: number, shift: number): PlacedPiece {
    const { piece, rowRuns, columnRuns } = request
    const base = this.#inputEnd / 4
    this.#inputEnd += Math.ceil(bytes / 4) * 4
    KERNELS.forEach((name, kernel) => {
      this.#lists[1 + kernel * MOST_PIECES + this.#count] = this.#workgroups[kernel]!
      this.#workgroups[kernel]! += kernels[name].workgroups(request)
    })
    const fields: PieceFields = {
      base,
      count: piece.count,
      columns: piece.columns,
      format: FORMATS.indexOf(request.format),
      values: request.values ? this.#share(request.values) : 0,
      shift: bitsOf(shift),
      lead: request.lead,
      strips: rowRuns.buckets.length,
      stripStarts: this.#list(rowRuns.starts),
      stripRows: this.#list(rowRuns.entries),
      slices: columnRuns.buckets.length,
      sliceStarts: this.#share(columnRuns.starts),
      sliceColumns: this.#share(columnRuns.entries),
      scratch: this.#scratchEnd,
      sampledRows: request.sampledRows.length,
      sampledRowList: this.#list(request.sampledRows),
      positions: request.positions.length,
      positionList: this.#list(request.positions),
      ...this.#resultPlaces(request),
    }
    this.#scratchEnd += piece.count
    PIECE_FIELDS.forEach((field, i) => (this.#pieces[this.#count * PIECE_FIELDS.length + i] = fields[field]))
    this.#count++
    return { request, fields, shift }
  }

  /** Sends all pieces, and brings back what the kernels found. The batch is empty afterwards. */
  async run(): Promise<BatchResults> {
    this.upload()
    this.compute()
    const results = this.download()
    this.#shared.clear()
    this.#workgroups.fill(0)
    this.#count = this.#inputEnd = this.#scratchEnd = this.#resultEnd = 0
    this.#listEnd = LIST_HEAD
    return await results
  }

  /** The first third of `run`. */
  upload(): void {
    const { queue } = this.#device
    const { input, pieces, lists } = this.#buffers
    this.#lists[0] = this.#count
    queue.writeBuffer(input, 0, this.#input, 0, this.#inputEnd)
    queue.writeBuffer(pieces, 0, this.#pieces, 0, this.#count * PIECE_FIELDS.length)
    queue.writeBuffer(lists, 0, this.#lists, 0, this.#listEnd)
  }

  /** The second third. */
  compute(names: readonly KernelName[] = KERNELS): void {
    const encoder = this.#device.createCommandEncoder()
    encoder.clearBuffer(this.#buffers.results, 0, 4 * this.#resultEnd)
    const pass = encoder.beginComputePass()
    pass.setBindGroup(0, this.#bindings)
    for (const name of names) {
      const workgroups = this.#workgroups[KERNELS.indexOf(name)]!
      if (workgroups === 0) continue
      pass.setPipeline(this.#pipelines.kernels[name])
      pass.dispatchWorkgroups(workgroups)
    }
    pass.end()
    this.#device.queue.submit([encoder.finish()])
  }

  /** The last third. */
  async download(): Promise<BatchResults> {
    const { results, readback } = this.#buffers
    const bytes = 4 * this.#resultEnd
    const encoder = this.#device.createCommandEncoder()
    encoder.copyBufferToBuffer(results, 0, readback, 0, bytes)
    this.#device.queue.submit([encoder.finish()])
    await readback.mapAsync(GPUMapMode.READ, 0, bytes)
    const words = new Uint32Array(readback.getMappedRange(0, bytes)).slice()
    readback.unmap()
    return { words, floats: new Float32Array(words.buffer) }
  }

  #list(words: Uint32Array): number {
    const place = this.#listEnd
    this.#lists.set(words, place)
    this.#listEnd += words.length
    return place
  }

  #share(words: Uint32Array): number {
    const place = this.#shared.get(words) ?? this.#list(words)
    this.#shared.set(words, place)
    return place
  }

  #listWords({ rowRuns, columnRuns, values, sampledRows, positions }: PieceRequest): number {
    const own = [rowRuns.starts, rowRuns.entries, sampledRows, positions]
    const shared = [columnRuns.starts, columnRuns.entries, ...(values ? [values] : [])]
    return [...own, ...shared.filter((words) => !this.#shared.has(words))].reduce((sum, words) => sum + words.length, 0)
  }

  #resultPlaces(request: PieceRequest): Pick<PieceFields, ResultField> {
    const places: Record<string, number> = {}
    for (const { results } of Object.values(kernels)) {
      if (!results) continue
      places[results.field] = this.#resultEnd
      this.#resultEnd += results.words(request)
    }
    return places as Pick<PieceFields, ResultField>
  }
}

type ResultField = 'extremes' | 'exponents' | 'moments' | 'patterns' | 'folds' | 'rowMaxima' | 'groupMaxima'

function resultWords(request: PieceRequest): number {
  return Object.values(kernels).reduce((sum, { results }) => sum + (results?.words(request) ?? 0), 0)
}

function bitsOf(float: number): number {
  return new Uint32Array(Float32Array.of(float).buffer)[0]!
}
