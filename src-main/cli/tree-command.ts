import { existsSync, writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Graph } from '../contract/graph.ts'
import { PROBLEM_KINDS } from '../contract/problems.ts'
import type { PairReading } from '../engine/mother.ts'
import { renderPng } from '../engine/png.ts'
import { recoverFolder } from '../engine/recover-folder.ts'
import { EXPORTERS } from '../export/registry.ts'
import { renderSvg, type SvgOptions } from '../export/svg/svg.ts'
import { THEMES, type ThemeName } from '../export/svg/tokens.ts'
import { renderText } from '../export/text.ts'
import type { MotherOptions, Stage } from '../heritage/mother/types.ts'
import { engineOption, printStats, scanExit, withLibrary, withScan, type ScanOptions } from './session.ts'

interface TreeOptions extends ScanOptions {
  readonly method: 'heirloom' | 'mother'
  readonly trees?: number
  readonly stage?: Stage
  readonly format?: string
  readonly output?: string
  readonly theme?: ThemeName
}

/** Two pixels per unit: sharp on today's screens and in print. */
const PNG_SCALE = 2

/** The contract has no word for support that was never measured. */
const NO_SUPPORT = 'The published method gives no support: 0 % means not measured.\n'

const STAGES: readonly Stage[] = ['specialization', 'generalization']

const FORMATS = [...EXPORTERS.map(({ name }) => name), 'png']

/** `heirloom tree FOLDER`. */
export function treeCommand(finish: (code: number) => void): Command {
  const formats = EXPORTERS.map(({ name, describe }) => `  ${name.padEnd(8)} ${describe}`)
  return new Command('tree')
    .summary('recover the family trees of the models in a folder')
    .description('Scans a folder, recovers who was trained from whom and how, and prints the family trees.')
    .argument('<folder>', 'folder with models (searched to the bottom), or a single model')
    .addOption(
      new Option('-f, --format <name>', 'how to write the result; by default from the name of the output file').choices(
        FORMATS,
      ),
    )
    .addOption(
      new Option('--method <name>', 'heirloom, or mother: the published method, as a yardstick (docs/mother.md)')
        .choices(['heirloom', 'mother'])
        .default('heirloom'),
    )
    .option('--trees <number>', 'mother only: how many trees there are; chosen where not given', wholeNumber)
    .addOption(
      new Option('--stage <name>', 'mother only: how the models were trained (by default specialization)').choices(
        STAGES,
      ),
    )
    .addOption(new Option('--theme <name>', 'svg and png only (by default light)').choices(Object.keys(THEMES)))
    .option('-o, --output <file>', 'write to this file instead of standard output')
    .addOption(engineOption())
    .addHelpText('after', ['', 'Formats:', ...formats, `  ${'png'.padEnd(8)} the same picture in pixels`].join('\n'))
    .action(async (folder: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<TreeOptions>()
      const format = chooseFormat(options)
      const picture = pictureOptions(options, format)
      const mother = motherOptions(options)
      if (!existsSync(folder)) throw new Error(`${folder} cannot be found. ${PROBLEM_KINDS.FOLDER_NOT_FOUND.remedy}`)
      const code = await withLibrary(options, (library) =>
        withScan(options, library, async (request) => {
          const { scan, graph, bytesReadAgain, reading } = await recoverFolder(
            { ...request, folders: [folder] },
            mother,
          )
          // Half a scan makes half a tree, and nobody can see which half is missing.
          if (!scan.interrupted) write(graph, format, picture, options.output)
          if (options.stats) printStats(scan, bytesReadAgain)
          if (reading && !options.quiet) process.stderr.write(NO_SUPPORT)
          if (options.stats && reading) printReading(reading)
          return scanExit(options, scan)
        }),
      )
      finish(code)
    })
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.')
  return Number(text)
}

function motherOptions({ method, trees, stage }: TreeOptions): MotherOptions | undefined {
  if (method === 'mother') return { trees: trees ?? null, stage: stage ?? 'specialization' }
  if (trees === undefined && stage === undefined) return undefined
  throw new InvalidArgumentError('--trees and --stage are for --method mother: our own method needs neither.')
}

/** What the published method has read, beside the scan. */
function printReading({ bytesRead, seconds }: PairReading): void {
  process.stderr.write(`${'pairs compared'.padEnd(16)} ${bytesRead} bytes read (${seconds.toFixed(2)} s)\n`)
}

function chooseFormat({ format, output }: TreeOptions): string {
  const extension = output === undefined ? '' : extname(output).slice(1).toLowerCase()
  const chosen =
    format ?? (extension === 'png' ? 'png' : EXPORTERS.find(({ extensions }) => extensions.includes(extension))?.name)
  if (chosen === undefined && output !== undefined) {
    throw new InvalidArgumentError(
      `The format is not clear from "${output}": name it with --format (${FORMATS.join(', ')}).`,
    )
  }
  if (chosen === 'png' && output === undefined && process.stdout.isTTY) {
    throw new InvalidArgumentError('A picture cannot be shown here: name a file with --output, as in "-o tree.png".')
  }
  return chosen ?? 'text'
}

function pictureOptions({ theme }: TreeOptions, format: string): SvgOptions {
  if (theme === undefined) return {}
  if (format === 'svg' || format === 'png') return { theme }
  throw new InvalidArgumentError('--theme is for pictures: --format svg or png.')
}

function write(graph: Graph, format: string, picture: SvgOptions, output: string | undefined): void {
  const content = render(graph, format, picture, output === undefined && process.stdout.isTTY)
  if (output === undefined) process.stdout.write(content)
  else writeFileSync(output, content)
}

function render(graph: Graph, format: string, picture: SvgOptions, terminal: boolean): string | Uint8Array {
  if (format === 'png') return renderPng(renderSvg(graph, picture), PNG_SCALE)
  if (format === 'svg') return renderSvg(graph, picture)
  if (format === 'text' && terminal) {
    const colour = process.stdout.hasColors?.() === true && process.env['NO_COLOR'] === undefined
    return renderText(graph, { columns: process.stdout.columns, colour })
  }
  return EXPORTERS.find(({ name }) => name === format)!.render(graph)
}
