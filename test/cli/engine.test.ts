import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Graph } from '../../src-main/contract/graph.ts'
import { adapter, hasAdapter } from '../compute/dawn.ts'
import { writeSparseModel } from '../engine/large-model.ts'
import { CLI, execute, SAMPLE, workplace, type Outcome } from './workplace.ts'

const place = workplace()
const SAMPLE_MODELS = join(SAMPLE, 'models')
const LARGE = join(place.folder, 'large')

/** A machine with Vulkan and no graphics card. */
const NO_CARD = { VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere', LD_LIBRARY_PATH: '' }
/** An installation without the optional package. */
const NO_PACKAGE = `import { registerHooks } from 'node:module'
registerHooks({ resolve: (name, context, next) => next(name === 'webgpu' ? 'webgpu-is-not-here' : name, context) })`

/** Vulkan in software is slow, to open as well as to compute. */
const PATIENCE = 240_000

// Enough to be worth opening a device; takes next to no room on a disk.
beforeAll(() => void writeSparseModel(LARGE, [{ name: 'a.weight', dtype: 'BF16', shape: [32_768, 4096] }]))

let libraries = 0

/** A scan into a new library. */
function scan(variables: NodeJS.ProcessEnv, ...args: string[]): Outcome & { library: string } {
  const library = join(place.folder, `library-${libraries++}.db`)
  const command = [CLI, 'scan', ...args, '--stats', '--library', library]
  return { ...execute(command, place.folder, process.execPath, variables), library }
}

const engineLine = ({ stderr }: Outcome): string | undefined => /^engine +(.*)$/m.exec(stderr)?.[1]

describe('--engine auto', () => {
  it('opens no graphics card for little, and says so', () => {
    expect(engineLine(scan({}, SAMPLE_MODELS))).toBe('CPU (there was little to read)')
  })

  it('has nothing to say where nothing had to be read', () => {
    place.run('scan', SAMPLE_MODELS)
    expect(engineLine(place.run('scan', SAMPLE_MODELS, '--stats'))).toBe('none (nothing was read)')
  })

  it('measures by the processor where there is no card, and the terminal stays clean', () => {
    const outcome = scan(NO_CARD, LARGE)
    expect(outcome.status).toBe(0)
    expect(engineLine(outcome)).toMatch(/^CPU \(no .*\)$/)
    const names = outcome.stderr.split('\n').map((line) => line.slice(0, 17).trim())
    expect(names).toEqual(['models found', 'models cached', 'models read', 'bytes read', 'speed', 'engine', ''])
  })

  it('measures by the processor where the optional package is missing', () => {
    const options = `--import=data:text/javascript,${encodeURIComponent(NO_PACKAGE)}`
    const outcome = scan({ NODE_OPTIONS: options }, LARGE)
    expect(outcome.status).toBe(0)
    expect(engineLine(outcome)).toBe('CPU (the optional package "webgpu" is not installed)')
  })

  it.runIf(adapter?.info.isFallbackAdapter)('refuses one that computes on the processor, by its name', () => {
    const outcome = scan({}, LARGE)
    expect(outcome.status).toBe(0)
    expect(engineLine(outcome)).toMatch(/^CPU \(.*SwiftShader.* computes on the processor.*\)$/)
  })
})

describe('--engine gpu', () => {
  it('ends with 1 and the reason where there is no card, before anything is read', () => {
    const { status, stdout, stderr, library } = scan(NO_CARD, SAMPLE_MODELS, '--engine', 'gpu')
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(
      /^error: The graphics card cannot be used: no .*\. The engines "auto" and "cpu" do without\.\n$/,
    )
    expect(place.run('library', 'list', '--library', library).stdout).toContain('The library is empty')
  })

  it.runIf(hasAdapter)(
    'measures the sample family, and the trees are those of the processor',
    { timeout: PATIENCE },
    () => {
      const measured = scan({}, SAMPLE_MODELS, '--engine', 'gpu')
      expect(measured.status).toBe(0)
      expect(engineLine(measured)).toMatch(/^GPU \(.+\)$/)
      expect(measured.stderr).toMatch(/^models read +13$/m)
      const tree = (library: string): Graph => {
        const { stdout } = place.run('tree', SAMPLE_MODELS, '--format', 'json', '--library', library)
        return JSON.parse(stdout) as Graph
      }
      const links = ({ relations }: Graph) =>
        relations.map(({ parent, child, type, directed }) => ({ parent, child, type, directed }))
      const byCard = tree(measured.library)
      const byProcessor = tree(scan({}, SAMPLE_MODELS, '--engine', 'cpu').library)
      expect(links(byCard)).toEqual(links(byProcessor))
      const hashes = ({ models }: Graph) => models.map(({ path, contentHash }) => [path, contentHash])
      expect(hashes(byCard)).toEqual(hashes(byProcessor))
    },
  )
})

it('--engine cpu says that it was chosen', () => {
  expect(engineLine(scan({}, SAMPLE_MODELS, '--engine', 'cpu'))).toBe('CPU (it was chosen)')
})

it('another engine is not understood', () => {
  const { status, stderr } = place.run('scan', SAMPLE_MODELS, '--engine', 'abacus')
  expect(status).toBe(2)
  expect(stderr).toContain('Allowed choices are auto, gpu, cpu')
  expect(place.run('library', 'list', '--engine', 'cpu').status).toBe(2)
})

it('a library that knows all needs no engine', () => {
  place.run('scan', SAMPLE_MODELS)
  const { status, stderr } = place.run('scan', SAMPLE_MODELS, '--engine', 'gpu', '--stats')
  expect(status).toBe(0)
  expect(stderr).toMatch(/^engine +none/m)
})
