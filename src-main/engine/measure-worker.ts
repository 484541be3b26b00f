import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { openFile, type OpenFile } from '../files/open.ts'
import { referenceKernels } from '../fingerprint/kernels/reference.ts'
import { instantiateKernels } from '../fingerprint/kernels/wasm.ts'
import { createMeasurer } from '../fingerprint/measure.ts'
import { createRangeMeasuring } from './compute/measure-ranges.ts'
import { openComputeEngine } from './compute/open.ts'
import { problemResult, type MeasureJob, type MeasureResult, type WorkerAnswer, type WorkerSetup } from './jobs.ts'

const setup = workerData as WorkerSetup
const bytesRead = new BigInt64Array(setup.bytesRead)
const kernels = setup.module ? instantiateKernels(setup.module, setup.memory, setup.base) : referenceKernels()
const sha256 = () => createHash('sha256')
const measuring = createRangeMeasuring(
  createMeasurer(kernels, sha256),
  sha256,
  setup.compute && openComputeEngine(setup.compute),
)

parentPort!.on('message', async (job: MeasureJob) => {
  const result = await run(job)
  const answer: WorkerAnswer = { result, failure: measuring.failure() }
  parentPort!.postMessage(answer)
})

async function run(job: MeasureJob): Promise<MeasureResult> {
  const open = new Map<string, OpenFile>()
  try {
    for (const identity of job.files) open.set(identity.path, openFile(identity))
    const measurements = await measuring.measure(job.ranges, (range, target, offset) => {
      open.get(range.file)!.readInto(target, range.offset + offset)
      Atomics.add(bytesRead, 0, BigInt(target.length))
    })
    // Bytes that changed under the reader belong to no model that ever existed.
    for (const file of open.values()) file.assertUnchanged()
    return { measurements }
  } catch (error) {
    return problemResult(error)
  } finally {
    for (const file of open.values()) file.close()
  }
}
