import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CLI, workplace } from '../cli/workplace.ts'
import { writeSparseModel } from './large-model.ts'
import { peakMemory } from './peak-memory.ts'

const place = workplace()
const MIB = 2 ** 20

it.runIf(fs.existsSync('/proc/self/status'))('a model of one gigabyte needs less than 400 MB of memory', async () => {
  const folder = join(place.folder, 'model')
  const size = writeSparseModel(folder, [
    { name: 'embedding.weight', dtype: 'BF16', shape: [2 ** 16, 2 ** 12] },
    { name: 'long.weight', dtype: 'F32', shape: [64 * MIB] },
    { name: 'wide.weight', dtype: 'BF16', shape: [64, MIB] },
    { name: 'tall.weight', dtype: 'F32', shape: [MIB, 16] },
  ])
  expect(size).toBeGreaterThan(900e6)
  const child = spawn(process.execPath, [CLI, 'scan', folder, '--library', place.library], { stdio: 'ignore' })
  const peak = await peakMemory(child)
  expect(child.exitCode).toBe(0)
  expect(peak).toBeGreaterThan(20e6)
  expect(peak).toBeLessThan(400e6)
})
