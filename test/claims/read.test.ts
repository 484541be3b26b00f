import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import * as limits from '../../src-main/claims/limits.ts'
import { readMetadata } from '../../src-main/claims/read.ts'

const root = fs.mkdtempSync(join(tmpdir(), 'heirloom-claims-'))
let folder = ''
let next = 0

beforeEach(() => {
  folder = join(root, String(next++))
  fs.mkdirSync(folder)
})
afterAll(() => fs.rmSync(root, { recursive: true }))

const write = (name: string, content: string | Uint8Array): void => fs.writeFileSync(join(folder, name), content)
const card = (...lines: string[]): void => write('README.md', ['---', ...lines, '---', '', '# A model'].join('\n'))
const names = (): string[] => readMetadata(folder).statements.map((statement) => statement.names)
const codes = (): string[] => readMetadata(folder).problems.map(({ code }) => code)

describe('what files say about ancestry', () => {
  it('reads a model card', () => {
    card('license: apache-2.0', 'base_model: owner/base', 'base_model_relation: finetune', 'tags:', '- x')
    expect(readMetadata(folder)).toEqual({
      statements: [{ source: 'model-card', file: 'README.md', names: 'owner/base', relation: 'finetune' }],
      licence: 'apache-2.0',
      problems: [],
    })
  })

  it.each([
    ['a list', ['base_model:', '- owner/a', '- "owner/b"']],
    ['an indented list', ['base_model:', "  - 'owner/a'", '  - owner/b # note']],
    ['a list in brackets', ['base_model: [owner/a, owner/b]']],
  ])('reads %s of ancestors', (_, lines) => {
    card(...lines)
    expect(names()).toEqual(['owner/a', 'owner/b'])
  })

  it('reads a card with long lists of results, and with mistakes in other fields', () => {
    card(
      'model-index:',
      ...Array.from({ length: 9000 }, (_, i) => `  - value: ${i}`),
      'bad: [',
      'x: *y',
      '"base_model": owner/base',
      'tags:',
      '- base_model',
    )
    expect([names(), codes()]).toEqual([['owner/base'], []])
  })

  it('reads the name of a licence that is none of the usual', () => {
    card('license: other', 'license_name: my-terms')
    expect(readMetadata(folder).licence).toBe('my-terms')
    card('license: other')
    expect(readMetadata(folder).licence).toBe('other')
  })

  it.each([
    ['no front matter', '# A model\n\n---\nbase_model: owner/base\n---\n'],
    ['front matter that does not end', '---\nbase_model: owner/base\n'],
    ['an empty one', '---\n---\n'],
    ['an empty file', ''],
    ['values of other types', '---\nbase_model: {a: b}\nlicense: [[x]]\n---\n'],
    ['a name that is too long', `---\nbase_model: ${'x'.repeat(501)}\n---\n`],
  ])('says nothing for a card with %s', (_, text) => {
    write('README.md', text)
    expect(readMetadata(folder)).toEqual({ statements: [], licence: null, problems: [] })
  })

  it('reads a card with Windows line ends, a byte order mark and bad text below', () => {
    const front = new TextEncoder().encode('\ufeff---\r\nbase_model: owner/bäse\r\n---\r\n')
    write('README.md', Uint8Array.of(...front, 0xff, 0xfe))
    expect(names()).toEqual(['owner/bäse'])
  })

  it('reads config.json and adapter_config.json', () => {
    write(
      'config.json',
      JSON.stringify({ model_type: 'vit', a: [{ _name_or_path: 'inner' }], _name_or_path: 'owner/base' }),
    )
    write('adapter_config.json', JSON.stringify({ base_model_name_or_path: '/home/me/base', r: 8 }))
    expect(readMetadata(folder).statements).toEqual([
      { source: 'config', file: 'config.json', names: 'owner/base', relation: null },
      { source: 'adapter-config', file: 'adapter_config.json', names: '/home/me/base', relation: null },
    ])
  })

  it.each(['null', '""', '7', '["x"]', '{"a": "x"}'])('takes %s in a configuration for no name', (value) => {
    write('config.json', `{"_name_or_path": ${value}}`)
    expect([names(), codes()]).toEqual([[], []])
  })

  it('reads merges: lists of models, slices, a base, adapters on top', () => {
    write(
      'mergekit_config.yml',
      [
        'base_model: owner/base',
        'models:',
        '  - model: owner/a+owner/adapter',
        '    parameters: {weight: 0.5}',
        '  - model: {model: {path: owner/b}}',
        'merge_method: ties',
        'slices:',
        '- sources:',
        '  - model: owner/c',
        '    layer_range: [0, 8]',
        '  - model: owner/a',
      ].join('\n'),
    )
    expect(readMetadata(folder).statements.map(({ source, names: name }) => `${source} ${name}`)).toEqual(
      ['base', 'a', 'b', 'c'].map((name) => `merge-config owner/${name}`),
    )
  })

  it('says nothing where there is no such file', () => {
    expect(readMetadata(folder)).toEqual({ statements: [], licence: null, problems: [] })
    expect(readMetadata(join(folder, 'nowhere')).problems).toEqual([])
  })
})

describe('files that are refused', () => {
  it.each([
    ['CLAIM_NOT_YAML', 'README.md', '---\nbase_model: [a\n---\n'],
    ['CLAIM_NOT_YAML', 'README.md', '---\nlicense: &x [1]\nbase_model: *x\n---\n'],
    ['CLAIM_NOT_YAML', 'mergekit_config.yml', 'a: 1\n---\nb: 2\n'],
    ['CLAIM_NOT_UTF8', 'README.md', Uint8Array.of(0x2d, 0x2d, 0x2d, 10, 0x61, 0x3a, 0xff, 10, 0x2d, 0x2d, 0x2d, 10)],
    ['CLAIM_NOT_UTF8', 'config.json', Uint8Array.of(0x7b, 0xff)],
    ['CLAIM_NOT_JSON', 'config.json', '{"a": 1,}'],
    ['CLAIM_NOT_JSON', 'config.json', '[]'],
    ['CLAIM_NOT_JSON', 'adapter_config.json', ''],
    ['CLAIM_TOO_DEEP', 'config.json', `{"a": ${'['.repeat(200)}`],
    ['CLAIM_TOO_DEEP', 'README.md', `---\nlicense: ${'['.repeat(33)}${']'.repeat(33)}\n---\n`],
    ['CLAIM_TOO_DEEP', 'mergekit_config.yml', `${'- '.repeat(20_000)}x`],
    ['CLAIM_TOO_DEEP', 'mergekit_config.yml', '['.repeat(60_000)],
    ['CLAIM_TOO_DEEP', 'mergekit_config.yml', '{a: '.repeat(15_000)],
    ['CLAIM_TOO_LARGE', 'README.md', `---\n${'a: b\n'.repeat(220_000)}---\n`],
    ['CLAIM_TOO_LARGE', 'README.md', `---\nbase_model:\n${'- a\n'.repeat(4100)}---\n`],
    ['CLAIM_TOO_LARGE', 'mergekit_config.yml', '#'.repeat(65_537)],
    [
      'CLAIM_TOO_LARGE',
      'README.md',
      `---\nbase_model: [${Array.from({ length: 65 }, (_, i) => `m${i}`).join()}]\n---\n`,
    ],
  ])('%s: %s', (code, name, content) => {
    write(name, content)
    write('config.json', name === 'config.json' ? content : '{"_name_or_path": "owner/base"}')
    const { statements, problems } = readMetadata(folder)
    expect(problems.map((problem) => [problem.code, problem.path])).toEqual([[code, join(folder, name)]])
    // One bad file never hides what the others say.
    if (name !== 'config.json') expect(statements.map(({ source }) => source)).toEqual(['config'])
  })

  it('CLAIM_TOO_LARGE without reading: a configuration of many gigabytes', () => {
    write('config.json', '{}')
    fs.truncateSync(join(folder, 'config.json'), 2 ** 40)
    expect(codes()).toEqual(['CLAIM_TOO_LARGE'])
  })

  it('is not held up by what is no file', () => {
    fs.mkdirSync(join(folder, 'README.md'))
    execFileSync('mkfifo', [join(folder, 'config.json')])
    fs.symlinkSync('adapter_config.json', join(folder, 'adapter_config.json'))
    expect(codes()).toEqual(['FILE_NOT_REGULAR', 'FILE_NOT_REGULAR', 'FILE_LINK_LOOP'])
  })

  it('takes tags, merge keys and special names for texts', () => {
    card(
      '__proto__: {base_model: x}',
      '<<: {base_model: y}',
      'constructor: z',
      'base_model: !!js/function "f"',
      'license: yes',
    )
    const { statements, licence, problems } = readMetadata(folder)
    expect({ names: statements.map((one) => one.names), licence, problems }).toEqual({
      names: ['f'],
      licence: 'yes',
      problems: [],
    })
  })

  it('never throws, whatever a file holds', () => {
    const pieces = fc.constantFrom(
      '---\n',
      'base_model',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '|',
      '>',
      '&a',
      '*a',
      '!!x',
      '#',
      '%',
      '\t',
      '\0',
      '\u2028',
      'é',
      '? ',
      '<<',
    )
    const text = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, (body) => {
        write('README.md', `---\n${body}\n---\n`)
        write('mergekit_config.yml', body)
        write('config.json', body)
        const { statements, problems } = readMetadata(folder)
        expect(problems.every(({ code }) => code.startsWith('CLAIM_'))).toBe(true)
        expect(statements.every((one) => one.names.length > 0 && one.names.length <= limits.NAME_CHARACTERS)).toBe(true)
      }),
    )
  })
})
