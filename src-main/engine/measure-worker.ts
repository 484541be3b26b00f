import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { openFile, type OpenFile } from '../files/open.ts'
import { referenceKernels } from '../fingerprint/kernels/reference.ts'
import { instantiateKernels } from '../fingerprint/kernels/wasm.ts'
import { createMeasurer } from '../fingerprint/measure.ts'
import { createRangeMeasuring } from './compute/measure-ranges.ts'
import { describeFailure, openComputeEngine } from './compute/open.ts'
import { problemResult, type FromWorker, type MeasureJob, type MeasureResult, type WorkerSetup } from './jobs.ts'

const setup = workerData as WorkerSetup
const bytesRead = new BigInt64Array(setup.bytesRead)
const kernels = setup.module ? instantiateKernels(setup.module, setup.memory, setup.base) : referenceKernels()
const sha256 = () => createHash('sha256')
const engine = setup.compute && openComputeEngine(setup.compute)
const measuring = createRangeMeasuring(createMeasurer(kernels, sha256), sha256, engine)

function tell(message: FromWorker): void {
  parentPort!.postMessage(message)
}

engine?.then(
  ({ adapter }) => tell({ type: 'device', opened: { adapter } }),
  (error: unknown) => tell({ type: 'device', opened: { failure: describeFailure(error) } }),
)

parentPort!.on('message', async (job: MeasureJob) => {
  const result = await run(job)
  tell({ type: 'answer', result, failure: measuring.failure() })
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
