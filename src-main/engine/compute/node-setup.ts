import type { ComputeSetup } from './open.ts'

/** How a program of Node reaches a device; null inside of Electron, which forbids the memory that Dawn maps. */
export function nodeSetup(): ComputeSetup | null {
  return process.versions['electron'] === undefined ? { kind: 'dawn', allowSoftware: false } : null
}
