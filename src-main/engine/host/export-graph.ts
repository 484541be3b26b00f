import type { Graph } from '../../contract/graph.ts'
import type { ExportedFile } from '../../contract/requests.ts'
import { EngineError } from '../../contract/errors.ts'
import { EXPORTERS } from '../../export/registry.ts'
import { selectModels } from '../../export/select.ts'

const MIME_TYPES: Readonly<Record<string, string>> = {
  graphml: 'application/graphml+xml',
  json: 'application/json',
  csv: 'text/csv',
  svg: 'image/svg+xml',
  dot: 'text/vnd.graphviz',
}

/**
 * A graph as a file, by the code of the command line.
 * @param name what the file is called, without its extension
 * @param models ids of those that are wanted; undefined for all
 */
export function exportGraph(graph: Graph, name: string, format: string, models?: readonly string[]): ExportedFile {
  const exporter = EXPORTERS.find((one) => one.name === format)
  if (!exporter) throw new EngineError('format-unknown', `There is no format "${format}".`)
  const text = exporter.render(models ? selectModels(graph, new Set(models)) : graph)
  return { fileName: `${safeName(name)}.${exporter.extensions[0]}`, mime: MIME_TYPES[format] ?? 'text/plain', text }
}

/** One that every file system takes. */
function safeName(name: string): string {
  return (
    name
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+|[.-]+$/g, '')
      .slice(0, 80) || 'heirloom'
  )
}
