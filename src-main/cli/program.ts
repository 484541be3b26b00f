import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { PROBLEM_KINDS } from '../contract/problems.ts'
import { packageVersion } from '../engine/package-root.ts'
import { LibraryProblem } from '../library/library-problem.ts'
import { compareCommand } from './compare-command.ts'
import { demoCommand } from './demo-command.ts'
import { EXIT, EXIT_HELP } from './exit-codes.ts'
import { libraryCommand } from './library-command.ts'
import { scanCommand } from './scan-command.ts'
import { serveCommand } from './serve-command.ts'
import { treeCommand } from './tree-command.ts'

const EXAMPLES = `Examples:
  heirloom tree ~/models                        the family trees, in the terminal
  heirloom tree ~/models -o tree.png            the same as a picture
  heirloom tree ~/models -f json -o graph.json  for other programs
  heirloom compare ~/models/base ~/models/chat  two models, layer by layer
  heirloom scan ~/models /mnt/archive           only read, to be quick later
  heirloom serve ~/models                       the same as a page for the browser`

/**
 * Runs one command line. Never exits the process itself.
 * @returns the exit status
 */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = EXIT.done
  const program = buildProgram((result) => (code = result))
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    return explainFailure(error)
  }
}

function buildProgram(finish: (code: number) => void): Command {
  const program = new Command('heirloom')
    .description('Recovers the family trees of neural networks from their weights alone. Nothing leaves this machine.')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .option('--library <file>', 'where measurements are kept (by default in your user data folder)')
    .option('-q, --quiet', 'no progress and no notes; errors are still shown')
    .option('--stats', 'print bytes read, speed, engine and models cached to standard error')
    .addHelpText('after', `\n${EXAMPLES}\n\n${EXIT_HELP}`)
    .configureHelp({ showGlobalOptions: true })
  for (const command of [treeCommand, scanCommand, compareCommand, serveCommand, libraryCommand, demoCommand])
    program.addCommand(command(finish))
  for (const command of everyCommand(program)) {
    command.helpCommand(false).exitOverride().showHelpAfterError('(add --help for an explanation)')
    if (command !== program)
      command.configureHelp({ showGlobalOptions: true }).helpOption('-h, --help', 'explain this command')
  }
  return program
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}

function explainFailure(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed its own text already, but not for what a command found wrong with its arguments.
    if (error instanceof InvalidArgumentError) process.stderr.write(`error: ${error.message}\n`)
    return error.exitCode === 0 ? EXIT.done : EXIT.usage
  }
  if (error instanceof LibraryProblem) {
    process.stderr.write(
      `error: ${error.message} (${error.code})\n${error.path}\n${PROBLEM_KINDS[error.code].remedy}\n`,
    )
    return EXIT.libraryUnusable
  }
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`)
  return EXIT.failed
}
