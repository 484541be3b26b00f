import { once } from 'node:events'
import fs from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '../../src-main/library/open.ts'
import { writeModel } from '../engine/models.ts'
import { workplace } from './workplace.ts'

const MODELS = 40
const place = workplace()
const folder = join(place.folder, 'models')

/** What a library holds, seen from another process. */
function finished(library: string): string[] {
  if (!fs.existsSync(library)) return []
  const open = openLibrary(library)
  try {
    return open.list().map(({ location }) => location)
  } finally {
    open.close()
  }
}

interface Stopped {
  readonly library: string
  /** Models that were seen in the library before the signal. */
  readonly before: readonly string[]
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts a scan with a new library and sends it a signal once the library holds so many models. */
async function stopScan(signal: NodeJS.Signals, atLeast: number): Promise<Stopped> {
  const library = join(place.folder, `${signal}-${atLeast}.db`)
  const child = place.start('tree', folder, '--format', 'json', '--library', library)
  const text = { stdout: '', stderr: '' }
  child.stdout?.on('data', (data) => (text.stdout += String(data)))
  child.stderr?.on('data', (data) => (text.stderr += String(data)))
  const closed = once(child, 'close')
  let before: string[] = []
  while (before.length < atLeast && child.exitCode === null) {
    await setTimeout(5)
    before = finished(library)
  }
  child.kill(signal)
  const [code] = (await closed) as [number | null]
  return { library, before, code, ...text }
}

describe('a scan that is stopped in the middle', () => {
  let undisturbed: string
  beforeAll(() => {
    for (let seed = 0; seed < MODELS; seed++) writeModel(folder, `model-${seed}`, 512, seed)
    undisturbed = place.tree(folder).stdout
  })

  it.each([
    ['SIGKILL', 5],
    ['SIGKILL', 15],
    ['SIGKILL', 25],
    ['SIGINT', 5],
  ] as const)('%s with %i models done: none of them is lost or read again', async (signal, atLeast) => {
    const { library, before, code, stdout, stderr } = await stopScan(signal, atLeast)
    const kept = finished(library)
    expect(before.length).toBeGreaterThanOrEqual(atLeast)
    expect(kept).toEqual(expect.arrayContaining([...before]))
    expect(kept.length).toBeLessThan(MODELS)
    expect(stdout).toBe('')
    if (signal === 'SIGINT') {
      expect(code).toBe(130)
      expect(stderr).toBe('Interrupted. What was finished is kept; run the same command again to go on.\n')
    }

    const next = place.run('tree', folder, '--format', 'json', '--stats', '--library', library)
    expect(next.stderr).toMatch(new RegExp(`^models cached +${kept.length}$`, 'm'))
    expect(next.stderr).toMatch(new RegExp(`^models read +${MODELS - kept.length}$`, 'm'))
    expect(next.stdout).toBe(undisturbed)
  })
})
