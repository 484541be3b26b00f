import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Command } from 'commander'
import type { Graph, Relation } from '../contract/graph.ts'
import { packageRoot } from '../engine/package-root.ts'
import { renderPng } from '../engine/png.ts'
import { recoverFolder } from '../engine/recover-folder.ts'
import { EXPORTERS } from '../export/registry.ts'
import { renderSvg } from '../export/svg/svg.ts'
import { renderText } from '../export/text.ts'
import { percent, typeWord } from '../contract/words.ts'
import { EXIT } from './exit-codes.ts'
import { engineOption, printStats, withLibrary, withScan, type ScanOptions } from './session.ts'

interface TrueRelation {
  readonly parent: string
  readonly child: string
  readonly type: string
}

interface Truth {
  readonly edges: readonly TrueRelation[]
}

/** Truth labels of the sample family in the words of this program. */
const TRUE_TYPES: Readonly<Record<string, string>> = { ft: 'fine-tune', lora: 'lora', cast: 'cast', copy: 'copy' }

const EXPORTED = ['graphml', 'newick', 'json'] as const

/** `heirloom demo`: recovers the sample family that comes with the program, and shows the truth beside it. */
export function demoCommand(finish: (code: number) => void): Command {
  return new Command('demo')
    .summary('recover the sample family that comes with Heirloom')
    .description(
      'Recovers a small real family, shows the truth beside it, and writes it in several formats below out/demo.',
    )
    .addOption(engineOption())
    .action(async (_: unknown, command: Command) => {
      const sample = join(packageRoot(), 'resources', 'sample-family')
      const output = join(packageRoot(), 'out', 'demo')
      mkdirSync(output, { recursive: true })
      const options = { library: join(output, 'library.db'), ...command.optsWithGlobals<ScanOptions>() }
      const truth = JSON.parse(readFileSync(join(sample, 'truth.json'), 'utf8')) as Truth
      const { graph, scan } = await withLibrary(options, (library) =>
        withScan(options, library, (request) => recoverFolder({ ...request, folders: [join(sample, 'models')] })),
      )
      const { text, right } = besideTruth(graph, truth)
      const files = writeExports(graph, output)
      process.stdout.write(
        `${renderText(graph)}\n${text}\nWritten: ${files.map((file) => relative(process.cwd(), file)).join(', ')}\n`,
      )
      if (options.stats) printStats(scan)
      finish(right ? EXIT.done : EXIT.failed)
    })
}

/** A line for each true relation with what was recovered for it. Models with equal numbers stand for one another. */
function besideTruth(graph: Graph, { edges }: Truth): { text: string; right: boolean } {
  const numbers = new Map(graph.models.map(({ id, contentHash }) => [id, contentHash]))
  const same = (a: string, b: string): boolean => numbers.get(a) === numbers.get(b)
  const holds = (edge: TrueRelation, { parent, child, type, directed }: Relation): boolean => {
    if (type !== TRUE_TYPES[edge.type]) return false
    const forward = same(parent, edge.parent) && same(child, edge.child)
    const backward = same(parent, edge.child) && same(child, edge.parent)
    return forward || (backward && !directed)
  }
  const rows = edges.map((edge) => {
    const found = graph.relations.find((relation) => holds(edge, relation))
    const truth = `${edge.child}: ${typeWord(TRUE_TYPES[edge.type] ?? edge.type)} of ${edge.parent}`
    return { truth, found: found ? `= ${describe(found)}` : '≠ not found', right: found !== undefined }
  })
  const extra = graph.relations.filter((relation) => !edges.some((edge) => holds(edge, relation)))
  const width = Math.max(...rows.map(({ truth }) => truth.length))
  const hits = rows.filter(({ right }) => right).length
  const lines = [
    `${'The truth'.padEnd(width)}    Recovered`,
    ...rows.map(({ truth, found }) => `${truth.padEnd(width)}  ${found}`),
    ...extra.map((relation) => `${'(no such relation)'.padEnd(width)}  ≠ ${describe(relation)}`),
    `${hits} of ${rows.length} relations right, ${extra.length} too many.`,
  ]
  return { text: `${lines.join('\n')}\n`, right: hits === rows.length && extra.length === 0 }
}

function describe({ parent, child, type, support, rank, directed }: Relation): string {
  const what = rank === null ? typeWord(type) : `${typeWord(type)} of rank ${rank}`
  return `${child}: ${what} of ${parent}, support ${percent(support)}${directed ? '' : ', either way round'}`
}

function writeExports(graph: Graph, folder: string): string[] {
  const texts = EXPORTED.map((name) => EXPORTERS.find((exporter) => exporter.name === name)!)
  const files = texts.map(({ extensions, render }) => {
    const file = join(folder, `sample-family.${extensions[0]}`)
    writeFileSync(file, render(graph))
    return file
  })
  const picture = join(folder, 'sample-family.png')
  writeFileSync(picture, renderPng(renderSvg(graph), 2))
  return [...files, picture]
}
