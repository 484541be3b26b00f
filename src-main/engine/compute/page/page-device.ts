import { openDeviceThreads, type OpenDevice } from '../device.ts'
import { ComputeFailure } from '../open.ts'
import type { OpenComputePage } from './page-line.ts'
import { ComputeRelay } from './relay.ts'

/** How a device is reached through the compute page of a host: by threads of this process, one page for all of them. */
export function pageDevice(openPage: OpenComputePage): OpenDevice {
  const relay = new ComputeRelay(openPage)
  return async (workers, allowSoftware) => {
    const device = await openDeviceThreads(workers, () => {
      const port = relay.connect()
      return { setup: { kind: 'page', port }, transfer: [port] }
    })
    if (allowSoftware || !device.adapter.software) return device
    await device.pool.close()
    const { description } = device.adapter
    throw new ComputeFailure('software', `${description} computes on the processor, which has faster kernels.`)
  }
}
