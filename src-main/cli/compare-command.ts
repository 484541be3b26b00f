import { resolve, sep } from 'node:path'
import { Command } from 'commander'
import { scan, type ScanResult } from '../engine/scan.ts'
import { count, grouped, percent } from '../contract/words.ts'
import { explain, explainVerdict } from '../engine/reason.ts'
import type { TensorRow } from '../contract/evidence.ts'
import { compareModels, type ModelComparison } from '../heritage/comparison.ts'
import type { Library, StoredModel } from '../library/types.ts'
import { EXIT } from './exit-codes.ts'
import { engineOption, printStats, scanExit, withLibrary, withScan, type ScanOptions } from './session.ts'

/** `heirloom compare A B`. */
export function compareCommand(finish: (code: number) => void): Command {
  return new Command('compare')
    .summary('compare two models, tensor by tensor')
    .description(
      'Says whether two models are related and how, and where they differ. Reads them first if the library does not know them.',
    )
    .argument('<a>', 'a model: a folder or a .safetensors file')
    .argument('<b>', 'the other one')
    .addOption(engineOption())
    .action(async (a: string, b: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ScanOptions>()
      const code = await withLibrary(options, (library) =>
        withScan(options, library, async (request) => {
          const result = await scan({ ...request, folders: [a, b] })
          if (options.stats) printStats(result)
          if (result.interrupted) return scanExit(options, result)
          const first = onlyModel(result, library, a)
          const second = onlyModel(result, library, b)
          const comparison = compareModels({ id: a, tensors: first.tensors }, { id: b, tensors: second.tensors })
          process.stdout.write(report(comparison, a, b))
          return EXIT.done
        }),
      )
      finish(code)
    })
}

/** @throws Error, in words for the user, if the path is not one readable model */
function onlyModel({ models }: ScanResult, library: Library, path: string): StoredModel {
  const location = resolve(path)
  const inside = models.filter((found) => found.location === location || found.location.startsWith(location + sep))
  const found = inside.length === 1 ? inside[0] : inside.find((model) => model.location === location)
  const model = found && library.load(found.location)
  if (!model)
    throw new Error(`${path} is not one readable model. "heirloom scan ${path}" shows what is there and what is wrong.`)
  return model
}

function report(comparison: ModelComparison, a: string, b: string): string {
  if (!comparison.sameArchitecture) {
    return `Not comparable: fewer than half of the weights of ${a} and ${b} have a counterpart of the same shape in the other.\n`
  }
  const { kinship, tensors, unmatched } = comparison
  const changed = tensors.filter(({ equal }) => !equal)
  return [
    sentence(comparison, a, b),
    `Cosine of the centred matrices ${kinship.cosine.toFixed(4)}, ${kinship.z.toFixed(1)} standard deviations from 0; unrelated pairs: 0 ± 1.`,
    `${count(tensors.length - changed.length, 'tensor')} equal, ${grouped(changed.length)} changed, ${grouped(unmatched.length)} without a counterpart of the same shape.`,
    '',
    ...table(tensors),
    ...unmatched.map((name) => `${name}  only in one of the two, or in another shape`),
    '',
  ].join('\n')
}

function sentence({ related, relation, verdict }: ModelComparison, a: string, b: string): string {
  const name = (node: number): string => (node === 0 ? a : b)
  if (verdict) return explainVerdict(verdict, name)
  if (!related) return 'No relation found: the weights have no more in common than independent models do.'
  return relation ? explain(relation, name) : 'Related.'
}

const COLUMNS = ['change', 'cosine', 'rank', 'equal', 'kurtosis A', 'kurtosis B']

function table(tensors: readonly TensorRow[]): string[] {
  const rows = tensors.map((tensor) => [tensor.tensor, ...cellsOf(tensor)])
  const head = ['tensor', ...COLUMNS]
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  return [head, ...rows].map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  )
}

function cellsOf(tensor: TensorRow): string[] {
  const kurtosis = (value: number | null): string => (value === null ? '–' : value.toFixed(3))
  return [
    tensor.equal || tensor.relativeChange === null ? '–' : `${(tensor.relativeChange * 100).toPrecision(3)} %`,
    tensor.cosine === null ? '–' : tensor.cosine.toFixed(4),
    tensor.rank === null ? '–' : String(tensor.rank),
    tensor.equalFraction === null ? '–' : percent(tensor.equalFraction),
    kurtosis(tensor.kurtosisA),
    kurtosis(tensor.kurtosisB),
  ]
}
