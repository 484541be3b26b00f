import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type TensorPlan, writeSparseModel } from '../test/engine/large-model.ts'
import { peakMemory } from '../test/engine/peak-memory.ts'
import { temporaryFolder } from './temporary.ts'

const MIB = 2 ** 20
const HEIRLOOM = fileURLToPath(new URL('../scripts/heirloom.mjs', import.meta.url))

/** About 6 GB, half F32 and half BF16, with the shapes that ask for most memory. */
const TENSORS: readonly TensorPlan[] = [
  { name: 'embedding.weight', dtype: 'BF16', shape: [2 ** 18, 2 ** 12] },
  { name: 'bias', dtype: 'F32', shape: [200e6] },
  { name: 'wide.weight', dtype: 'F32', shape: [16, 4 * MIB] },
  { name: 'tall.weight', dtype: 'BF16', shape: [4 * MIB, 16] },
  ...Array.from({ length: 27 }, (_, i): TensorPlan => ({
    name: `layers.${i}.weight`,
    dtype: 'F32',
    shape: [4096, 4096],
  })),
  ...Array.from({ length: 22 }, (_, i): TensorPlan => ({
    name: `layers.${i}.up.weight`,
    dtype: 'BF16',
    shape: [4096, 4096],
  })),
]

/** One scan by the built command line; the file has holes for zeros, so no disk takes part. */
export async function benchLargeModel(): Promise<void> {
  const folder = temporaryFolder()
  const bytes = writeSparseModel(join(folder, 'model'), TENSORS)
  const args = [HEIRLOOM, 'scan', join(folder, 'model'), '--quiet', '--stats', '--library', join(folder, 'library.db')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const [peak, stats] = await Promise.all([peakMemory(child), text(child.stderr)])
  if (child.exitCode !== 0) throw new Error(stats)
  const memory = peak > 0 ? `${(peak / 1e6).toFixed(0)} MB` : 'not known on this system'
  const speed = /^speed +(.*)$/m.exec(stats)?.[1] ?? ''
  console.log(`A model of ${(bytes / 1e9).toFixed(2)} GB, largest tensor 2.15 GB: peak memory ${memory}, ${speed}`)
}
