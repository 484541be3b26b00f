import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import type { Graph } from '../../src-main/contract/graph.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The built command line. `npm test` builds before it tests. */
export const CLI = join(root, 'out/main/cli.js')

/** The sample family as it is shipped, one folder a model. */
export const SAMPLE = join(root, 'resources/sample-family')

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Workplace {
  /** Temporary; deleted when the test file ends. */
  readonly folder: string
  readonly library: string
  /** Runs a command with the library of this place, unless the arguments name another. */
  run(...args: string[]): Outcome
  /** The same, without waiting. */
  start(...args: string[]): ChildProcess
  /** `tree FOLDER --format json --stats`. */
  tree(folder: string): ReadTree
}

export interface ReadTree extends Outcome, ReadStats {
  readonly graph: Graph
}

/** From what `--stats` prints. */
export interface ReadStats {
  readonly modelsCached: number
  readonly modelsRead: number
  readonly bytesRead: number
}

/** A temporary folder with a library of its own. */
export function workplace(): Workplace {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'heirloom-cli-')))
  afterAll(() => fs.rmSync(folder, { recursive: true }))
  const library = join(folder, 'library.db')
  const complete = (args: readonly string[]): string[] => [CLI, '--library', library, ...args]
  const run = (...args: string[]): Outcome => execute(complete(args), folder)
  return {
    folder,
    library,
    run,
    start: (...args) => spawn(process.execPath, complete(args), { cwd: folder }),
    tree(models) {
      const outcome = run('tree', models, '--format', 'json', '--stats')
      return { ...outcome, ...parseStats(outcome.stderr), graph: JSON.parse(outcome.stdout) as Graph }
    },
  }
}

/** Runs Node with these arguments, and with these variables instead of those of the tests. */
export function execute(
  args: readonly string[],
  folder: string,
  node = process.execPath,
  variables: NodeJS.ProcessEnv = {},
): Outcome {
  const env = { ...process.env, ...variables }
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28, env })
  return { status, stdout, stderr }
}

function parseStats(text: string): ReadStats {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? NaN)
  return {
    modelsCached: number(/^models cached +(\d+)$/m),
    modelsRead: number(/^models read +(\d+)$/m),
    bytesRead: number(/^bytes read +(\d+) of/m),
  }
}

/** Sum of the sizes of all weight files below a folder, in bytes. */
export function weightBytes(folder: string): number {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const weights = files.filter((file) => file.endsWith('.safetensors'))
  return weights.reduce((sum, file) => sum + fs.statSync(join(folder, file)).size, 0)
}
