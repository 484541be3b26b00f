import fs from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { openPool } from '../src-main/engine/pool.ts'
import { scan, type ScanStats } from '../src-main/engine/scan.ts'
import { openLibrary } from '../src-main/library/open.ts'
import { type Store, writeRandomModel } from './models.ts'
import { temporaryFolder } from './temporary.ts'

const MIB = 2 ** 20
const STORES: readonly Store[] = ['F32', 'BF16']
const REPEATS = 3

/** End-to-end scans, from nothing to fingerprints in a library, beside what the machine reads when it only reads. */
export async function benchScan(): Promise<void> {
  const folder = temporaryFolder()
  const most = Math.max(2, availableParallelism())
  console.log(
    `GB/s    only reading   scan, 1 thread   scan, ${most} threads   1 thread / reading   ${most} threads / 1`,
  )
  for (const store of STORES) {
    const model = join(folder, store)
    const file = writeRandomModel(model, store, store === 'F32' ? 24 : 48, 4096, 4096)
    const bytes = fs.statSync(file).size
    const reading = best(REPEATS, () => bytes / readAll(file))
    const alone = await scanSpeed(model, folder, 1)
    const together = await scanSpeed(model, folder, most)
    const cells = [reading / 1e9, alone / 1e9, together / 1e9, alone / reading, together / alone]
    console.log(store.padEnd(6) + cells.map((cell, i) => cell.toFixed(2).padStart([14, 17, 18, 21, 16][i]!)).join(''))
    fs.rmSync(model, { recursive: true })
  }
}

/** Many small models: what each costs beside its bytes. */
export async function benchSmallModels(): Promise<void> {
  const folder = temporaryFolder()
  const models = join(folder, 'models')
  const [count, tensors] = [200, 70]
  for (let i = 0; i < count; i++) writeRandomModel(join(models, `model-${i}`), 'F32', tensors, 30, 60)
  const { seconds, bytesRead } = await scanOnce(models, folder, availableParallelism())
  const size = (bytesRead / count / 1e6).toFixed(2)
  console.log(`${count} models of ${size} MB with ${tensors} tensors each: ${(count / seconds).toFixed(0)} models/s,`)
  console.log(
    `  ${((1e6 * seconds) / count / tensors).toFixed(0)} µs a tensor, ${(bytesRead / seconds / 1e6).toFixed(0)} MB/s`,
  )
}

/** Seconds to read a file once, 1 MiB at a time, into one buffer. */
function readAll(file: string): number {
  const buffer = Buffer.alloc(MIB)
  const input = fs.openSync(file, 'r')
  const started = performance.now()
  while (fs.readSync(input, buffer) > 0);
  fs.closeSync(input)
  return (performance.now() - started) / 1000
}

async function scanSpeed(model: string, folder: string, threads: number): Promise<number> {
  let fastest = 0
  for (let i = 0; i < REPEATS; i++) {
    const { bytesRead, seconds } = await scanOnce(model, folder, threads)
    fastest = Math.max(fastest, bytesRead / seconds)
  }
  return fastest
}

/** With a library of its own, so that nothing is known. */
async function scanOnce(models: string, folder: string, threads: number): Promise<ScanStats> {
  const library = openLibrary(join(fs.mkdtempSync(join(folder, 'library-')), 'library.db'))
  try {
    return (await scan({ folders: [models], library, openPool: () => openPool(threads) })).stats
  } finally {
    library.close()
  }
}

function best(repeats: number, measure: () => number): number {
  return Math.max(...Array.from({ length: repeats }, measure))
}
