import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXPORTERS } from '../../src-main/export/registry.ts'
import { CLI, execute, workplace } from './workplace.ts'

const place = workplace()

describe('--help', () => {
  it.each([
    [
      [],
      ['tree', 'scan', 'compare', 'library', 'demo', 'Examples:', 'Exit status:', '--library', '--quiet', '--stats'],
    ],
    [['tree'], ['<folder>', '--format', '--output', ...EXPORTERS.map(({ describe: text }) => text), 'png']],
    [['scan'], ['<folder...>', '--library']],
    [['compare'], ['<a> <b>', '--library']],
    [['library'], ['list', 'stats', 'forget <path>', 'clear']],
    [
      ['library', 'forget'],
      ['<path>', 'model or folder'],
    ],
    [['demo'], ['small real family', 'out/demo']],
  ])('of %j explains it', (command, words) => {
    const { status, stdout, stderr } = place.run(...command, '--help')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain(['Usage: heirloom', ...command].join(' '))
    const unwrapped = stdout.replace(/\s+/g, ' ')
    for (const word of words) expect(unwrapped).toContain(word)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })
})

it('--version prints the version alone', () => {
  const manifest = JSON.parse(fs.readFileSync(join(CLI, '../../../package.json'), 'utf8')) as { version: string }
  expect(place.run('--version')).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' })
})

describe('a command that is not understood ends with 2, says why, and prints nothing on standard output', () => {
  it.each([
    ['no command', [], 'Usage: heirloom'],
    ['an unknown command', ['tre', 'x'], "unknown command 'tre'"],
    ['an unknown option', ['tree', 'x', '--colour'], "unknown option '--colour'"],
    ['an unknown format', ['tree', 'x', '-f', 'docx'], 'Allowed choices are text, json, graphml'],
    ['a file name without a format', ['tree', 'x', '-o', 'tree.docx'], 'name it with --format (text, json'],
    ['a missing folder', ['tree'], "missing required argument 'folder'"],
    ['a missing second model', ['compare', 'x'], "missing required argument 'b'"],
    ['one argument too many', ['tree', 'x', 'y'], 'too many arguments'],
    ['a command of the library', ['library', 'burn'], "unknown command 'burn'"],
    ['an option without its value', ['tree', 'x', '--format'], 'argument missing'],
  ])('%s', (_, args, text) => {
    const { status, stdout, stderr } = place.run(...args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(text)
    expect(stderr.match(/error:/g)?.length ?? 0).toBeLessThanOrEqual(1)
  })
})

describe('a Node that is too old gets one sentence and status 1, not a crash', () => {
  const expectSentence = ({ status, stdout, stderr }: ReturnType<typeof execute>): void => {
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^Heirloom needs Node 24 or newer, and this is Node \d+\.\d+\.\d+\.\nRun it as .*\n$/)
  }

  it('by its number', () => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.21.0' } })`
    expectSentence(
      execute(['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, CLI, 'demo'], place.folder),
    )
  })

  const old = oldNode()
  it.runIf(old !== undefined)('in fact', () => {
    expectSentence(execute([CLI, 'demo'], place.folder, old))
  })
})

/** A Node on this machine that is too old, if there is one. */
function oldNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  const nodes = folders.map((folder) => join(folder, 'node')).filter((file) => fs.existsSync(file))
  return nodes.find((node) => /^v(1\d|2[0-3])\./.test(execFileSync(node, ['--version'], { encoding: 'utf8' })))
}
