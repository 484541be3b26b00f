import { availableParallelism } from 'node:os'
import { Option } from 'commander'
import { visible } from '../contract/characters.ts'
import type { EnginePreference } from '../contract/settings.ts'
import { openMeasuring } from '../engine/compute/choice/choose.ts'
import { nodeDevice } from '../engine/compute/node-device.ts'
import { pairDevice } from '../engine/compute/dawn/pair-device.ts'
import type { RecoveryRequest } from '../engine/recover-folder.ts'
import type { ScanResult } from '../engine/scan.ts'
import { size } from '../contract/words.ts'
import { defaultLibraryPath } from '../library/default-path.ts'
import { openLibrary } from '../library/open.ts'
import type { Library } from '../library/types.ts'
import { EXIT } from './exit-codes.ts'
import { progressLine } from './progress.ts'

/** Options that every command takes. */
export interface CommonOptions {
  readonly library?: string
  readonly quiet?: boolean
  readonly stats?: boolean
}

/** Options of the commands that read weights. */
export interface ScanOptions extends CommonOptions {
  readonly engine: EnginePreference
}

/** `--engine`, for the commands that read weights. */
export function engineOption(): Option {
  const choices: EnginePreference[] = ['auto', 'gpu', 'cpu']
  return new Option('--engine <name>', 'what measures: the graphics card (gpu), the processor, or the faster one')
    .choices(choices)
    .default('auto')
}

/** Runs with the chosen library open, and closes it whatever happens. */
export async function withLibrary<T>(options: CommonOptions, work: (library: Library) => T | Promise<T>): Promise<T> {
  const library = openLibrary(options.library ?? defaultLibraryPath(), (text) => process.stderr.write(`${text}\n`))
  try {
    return await work(library)
  } finally {
    library.close()
  }
}

/** Runs a scan that shows its progress, and that Ctrl-C ends in order: what is finished stays in the library. */
export async function withScan<T>(
  options: ScanOptions,
  library: Library,
  work: (request: Omit<RecoveryRequest, 'folders'>) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  const line = options.quiet ? null : progressLine(process.stderr)
  const interrupt = (): void => abort.abort(new Error('interrupted'))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const engine = { preference: options.engine, workers: availableParallelism(), settings: library.settings }
  const pairs = pairDevice(engine)
  try {
    return await work({
      library,
      openPool: (bytesToRead, signal) => openMeasuring({ ...engine, openDevice: nodeDevice(), bytesToRead, signal }),
      pairs,
      signal: abort.signal,
      onProgress: (progress) => line?.show(progress),
      onRecovery: (progress) => line?.showRecovery(progress),
    })
  } finally {
    line?.clear()
    pairs?.close()
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

/** What `--stats` prints, on standard error; a tree may have read some weights again. */
export function printStats({ stats, engine }: ScanResult, bytesReadAgain?: number): void {
  const share = stats.bytesToRead === 0 ? 0 : stats.bytesRead / stats.bytesToRead
  const rate = stats.seconds > 0 && stats.bytesRead > 0 ? `${size(stats.bytesRead / stats.seconds)}/s` : '–'
  const rows = [
    ['models found', `${stats.modelsFound} (${size(stats.bytesFound)})`],
    ['models cached', `${stats.modelsCached}`],
    ['models read', `${stats.modelsRead}`],
    ['bytes read', `${stats.bytesRead} of ${stats.bytesToRead} (${share.toFixed(3)} x)`],
    ...(bytesReadAgain === undefined ? [] : [['bytes read again', `${bytesReadAgain}`]]),
    ['speed', `${rate} (${stats.seconds.toFixed(2)} s)`],
    ['engine', engine ? `${engine.engine.toUpperCase()} (${visible(engine.reason)})` : 'none (nothing was read)'],
    ...(engine?.fellBack ? [['', visible(engine.fellBack)]] : []),
  ]
  process.stderr.write(rows.map(([name, value]) => `${name!.padEnd(16)} ${value}\n`).join(''))
}

/** Exit status of a finished scan, with a word to the user where the output alone would leave a question. */
export function scanExit({ quiet }: CommonOptions, { interrupted, models, problems }: ScanResult): number {
  if (interrupted) {
    process.stderr.write('Interrupted. What was finished is kept; run the same command again to go on.\n')
    return EXIT.interrupted
  }
  if (models.length + problems.length === 0 && !quiet) {
    process.stderr.write('No model found: Heirloom reads files that end in .safetensors.\n')
  }
  return problems.length > 0 ? EXIT.someUnreadable : EXIT.done
}
