import type { OpenDevice } from './device.ts'
import { openDeviceProcess } from './dawn/device-process.ts'

/** How a program of Node reaches a device; null inside of Electron, which forbids the memory that Dawn maps. */
export function nodeDevice(): OpenDevice | null {
  return process.versions['electron'] === undefined ? openDeviceProcess : null
}
