import { Command } from 'commander'
import { scan, type ScanResult } from '../engine/scan.ts'
import { count, grouped, size } from '../contract/words.ts'
import { engineOption, printStats, scanExit, withLibrary, withScan, type ScanOptions } from './session.ts'

/** `heirloom scan FOLDER...`. */
export function scanCommand(finish: (code: number) => void): Command {
  return new Command('scan')
    .summary('read models into the library')
    .description(
      'Finds every model below the folders and measures those that the library does not know yet. Each weight byte is read once.',
    )
    .argument('<folder...>', 'folders with models, searched to the bottom')
    .addOption(engineOption())
    .action(async (folders: string[], _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ScanOptions>()
      const code = await withLibrary(options, (library) =>
        withScan(options, library, async (request) => {
          const result = await scan({ ...request, folders })
          if (!options.quiet) process.stdout.write(report(result))
          if (options.stats) printStats(result)
          return scanExit(options, result)
        }),
      )
      finish(code)
    })
}

function report({ stats, problems }: ScanResult): string {
  const lines = [
    `${count(stats.modelsFound, 'model')} found, ${grouped(stats.modelsRead)} read (${size(stats.bytesRead)}), ${grouped(stats.modelsCached)} known already.`,
    ...problems.map(({ path, code, message, offset }) => {
      const place = offset === undefined ? '' : ` (at byte ${grouped(offset)})`
      return `${path}  ${code}\n  ${message}${place}`
    }),
  ]
  return `${lines.join('\n')}\n`
}
