import type { OpenDevice } from '../engine/compute/device.ts'
import { openDeviceProcess } from '../engine/compute/dawn/device-process.ts'
import { pageDevice } from '../engine/compute/page/page-device.ts'
import type { ServedComputePage } from './compute-page.ts'

/** The device of the compute page while somebody has it open, which nobody does for nothing; else that of this machine. */
export function servedDevice(computePage: ServedComputePage): OpenDevice {
  const byPage = pageDevice(computePage.open)
  return (workers, allowSoftware) =>
    computePage.connected ? byPage(workers, allowSoftware) : openDeviceProcess(workers, allowSoftware)
}
