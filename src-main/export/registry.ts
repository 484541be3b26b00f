import type { Graph } from '../contract/graph.ts'
import { renderCsv } from './csv.ts'
import { renderDot } from './dot.ts'
import { renderGraphml } from './graphml.ts'
import { renderJson } from './json.ts'
import { renderNewick } from './newick.ts'
import { renderSvg } from './svg/svg.ts'
import { renderText } from './text.ts'

/** A way to write a graph down. Pure: the same graph gives the same text on every machine. */
export interface Exporter {
  /** As it is asked for on the command line. */
  readonly name: string
  /** Of files in this format, the usual one first, without the dot. */
  readonly extensions: readonly string[]
  /** What it is for, in one phrase. */
  readonly describe: string
  readonly render: (graph: Graph) => string
}

export const EXPORTERS: readonly Exporter[] = [
  {
    name: 'text',
    extensions: ['txt'],
    describe: 'the forest as a tree for the terminal',
    render: (graph) => renderText(graph),
  },
  { name: 'json', extensions: ['json'], describe: 'everything, for programs', render: renderJson },
  { name: 'graphml', extensions: ['graphml'], describe: 'yEd, Gephi, NetworkX', render: renderGraphml },
  {
    name: 'newick',
    extensions: ['nwk', 'newick', 'tree'],
    describe: 'tree viewers of phylogenetics',
    render: renderNewick,
  },
  { name: 'csv', extensions: ['csv'], describe: 'the relations as a table', render: renderCsv },
  { name: 'dot', extensions: ['dot', 'gv'], describe: 'Graphviz', render: renderDot },
  { name: 'svg', extensions: ['svg'], describe: 'the forest as a picture', render: (graph) => renderSvg(graph) },
]
