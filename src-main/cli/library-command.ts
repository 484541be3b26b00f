import { Command } from 'commander'
import { count, grouped, size } from '../contract/words.ts'
import { EXIT } from './exit-codes.ts'
import { withLibrary, type CommonOptions } from './session.ts'
import type { Library } from '../library/types.ts'

/** `heirloom library list|stats|forget|clear`. */
export function libraryCommand(finish: (code: number) => void): Command {
  const command = new Command('library')
    .summary('look at what has been measured so far, or drop it')
    .description(
      'The library keeps what one read of each model left behind, so that nothing is read twice. It never leaves this machine.',
    )
  const add = (
    name: string,
    description: string,
    work: (library: Library, argument: string) => string,
    argument?: [string, string],
  ): void => {
    const sub = command.command(name).description(description)
    if (argument) sub.argument(...argument)
    sub.action(async (...args: unknown[]) => {
      const options = (args.at(-1) as Command).optsWithGlobals<CommonOptions>()
      process.stdout.write(await withLibrary(options, (library) => work(library, argument ? (args[0] as string) : '')))
      finish(EXIT.done)
    })
  }
  add('list', 'every model in the library', list)
  add('stats', 'where the library is and how much it holds', stats)
  add('forget', 'drop a model, or every model below a folder; files are not touched', forget, [
    '<path>',
    'model or folder',
  ])
  add(
    'clear',
    'drop everything that was measured; files and settings are not touched',
    (library) => `${count(library.clear(), 'entry', 'entries')} dropped.\n`,
  )
  return command
}

function list(library: Library): string {
  const models = library.list()
  if (models.length === 0) return 'The library is empty: "heirloom scan FOLDER" fills it.\n'
  const sizes = models.map(({ bytes }) => size(bytes))
  const width = Math.max(...sizes.map((text) => text.length))
  return models
    .map((model, i) => `${sizes[i]!.padStart(width)}  ${model.measuredAt.slice(0, 10)}  ${model.location}\n`)
    .join('')
}

function stats(library: Library): string {
  const { path, models, problems, tensors, bytesOfWeights, fileSize, schemaVersion, fingerprintVersion } =
    library.stats()
  const rows: [string, string][] = [
    ['library', path],
    ['models', `${grouped(models)} (${count(tensors, 'tensor')}, ${size(bytesOfWeights)} of weights)`],
    ['bad files', `${grouped(problems)} remembered`],
    ['size', size(fileSize)],
    ['versions', `schema ${schemaVersion}, fingerprint ${fingerprintVersion}`],
  ]
  return rows.map(([name, value]) => `${name.padEnd(10)} ${value}\n`).join('')
}

function forget(library: Library, path: string): string {
  const dropped = library.forget(path)
  return dropped === 0
    ? `The library holds nothing at or below ${path}.\n`
    : `${count(dropped, 'entry', 'entries')} dropped.\n`
}
