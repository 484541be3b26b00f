import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { FileProblem } from '../contract/problems.ts'
import { openFile, type OpenFile } from '../files/open.ts'
import { referenceKernels } from '../fingerprint/kernels/reference.ts'
import { instantiateKernels } from '../fingerprint/kernels/wasm.ts'
import { createMeasurer, type Measurer } from '../fingerprint/measure.ts'
import type { Measurement, TensorRange } from '../fingerprint/types.ts'
import type { MeasureJob, MeasureResult, WorkerSetup } from './jobs.ts'

const setup = workerData as WorkerSetup
const bytesRead = new BigInt64Array(setup.bytesRead)
const kernels = setup.module ? instantiateKernels(setup.module, setup.memory, setup.base) : referenceKernels()
const measurer = createMeasurer(kernels, () => createHash('sha256'))

parentPort!.on('message', (job: MeasureJob) => parentPort!.postMessage(run(job)))

function run(job: MeasureJob): MeasureResult {
  const open = new Map<string, OpenFile>()
  try {
    for (const identity of job.files) open.set(identity.path, openFile(identity))
    const measurements = job.ranges.map((range) => measureRange(measurer, range, open.get(range.file)!))
    // Bytes that changed under the reader belong to no model that ever existed.
    for (const file of open.values()) file.assertUnchanged()
    return { measurements }
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error
    return { problem: { code: error.code, message: error.message, path: error.path, offset: error.offset } }
  } finally {
    for (const file of open.values()) file.close()
  }
}

/** One pass: each chunk is read into the kernels' memory and measured there. */
function measureRange(into: Measurer, range: TensorRange, file: OpenFile): Measurement {
  into.begin(range.dtype, range.shape)
  let offset = range.offset
  for (let buffer = into.nextBuffer(); buffer.length > 0; buffer = into.nextBuffer()) {
    file.readInto(buffer, offset)
    offset += buffer.length
    Atomics.add(bytesRead, 0, BigInt(buffer.length))
    into.absorb()
  }
  return into.finish()
}
