import fs from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Graph } from '../../src-main/contract/graph.ts'
import { EXPORTERS } from '../../src-main/export/registry.ts'
import { THEMES } from '../../src-main/export/svg/tokens.ts'
import { CLI, SAMPLE, workplace } from './workplace.ts'

const place = workplace()
const models = join(place.folder, 'models')
for (const name of ['oak', 'ash', 'elm', 'yew']) {
  fs.cpSync(join(SAMPLE, 'models', name), join(models, name), { recursive: true })
}

describe('tree', () => {
  it('prints the families as text, and nothing else', () => {
    const { status, stdout, stderr } = place.run('tree', models)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^4 models, 1 family, 1 unrelated, 0 problems\n/)
    expect(stdout).toMatch(/^├─ ash +fine-tune +\d+ % /m)
    expect(stdout).toMatch(/^└─ elm +LoRA, rank 2 +\d+ % /m)
    expect(stdout).not.toContain('\u001b')
  })

  it('gives the same where the folder is named in another way', () => {
    const absolute = place.run('tree', models, '-f', 'json')
    const relative = place.run('tree', './models/../models/', '-f', 'json')
    expect(relative).toEqual(absolute)
  })

  it.each(EXPORTERS.flatMap(({ name, extensions }) => extensions.map((extension) => [extension, name] as const)))(
    '-o tree.%s writes what -f %s prints',
    (extension, format) => {
      const file = join(place.folder, `tree.${extension.toUpperCase()}`)
      expect(place.run('tree', models, '-o', file)).toEqual({ status: 0, stdout: '', stderr: '' })
      expect(fs.readFileSync(file, 'utf8')).toBe(place.run('tree', models, '-f', format).stdout)
    },
  )

  it('-o tree.png writes a picture', () => {
    const file = join(place.folder, 'tree.png')
    expect(place.run('tree', models, '-o', file).status).toBe(0)
    const bytes = fs.readFileSync(file)
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
    expect(bytes.subarray(12, 16).toString('latin1')).toBe('IHDR')
    expect(bytes.subarray(-8, -4).toString('latin1')).toBe('IEND')
    for (const side of [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]) {
      expect(side).toBeGreaterThan(200)
      expect(side).toBeLessThan(4000)
    }
    expect(bytes.length).toBeGreaterThan(5000)
  })

  it('--theme dark draws on ink, and is for pictures only', () => {
    const dark = place.run('tree', models, '-f', 'svg', '--theme', 'dark')
    expect(dark).toMatchObject({ status: 0, stderr: '' })
    expect(dark.stdout).toContain(THEMES.dark.canvas)
    expect(dark.stdout).not.toContain(THEMES.light.canvas)
    expect(place.run('tree', models, '--theme', 'dark')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--theme is for pictures'),
    })
  })

  it('--format wins over the name of the file', () => {
    const file = join(place.folder, 'graph.txt')
    place.run('tree', models, '-o', file, '-f', 'json')
    expect((JSON.parse(fs.readFileSync(file, 'utf8')) as Graph).models).toHaveLength(4)
  })

  it('fails in words where the output cannot be written', () => {
    const { status, stdout, stderr } = place.run('tree', models, '-o', join(place.folder, 'no', 'tree.json'))
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^error: .*no such file or directory.*tree\.json'\n$/)
  })

  it.each(['oak', 'oak/model.safetensors'])('takes a single model: %s', (path) => {
    const { status, stdout } = place.run('tree', join(models, path), '-f', 'json')
    const graph = JSON.parse(stdout) as Graph
    expect(status).toBe(0)
    expect(graph).toMatchObject({ models: [{ family: null, tensors: 72 }], relations: [], problems: [] })
  })

  it('fails in words where there is no such folder', () => {
    const { status, stdout, stderr } = place.run('tree', join(place.folder, 'nowhere'))
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^error: .*nowhere cannot be found\. Check the path/)
  })

  it('says that an empty folder has no models', () => {
    const empty = join(place.folder, 'empty')
    fs.mkdirSync(empty)
    const sentence = 'No model found: Heirloom reads files that end in .safetensors.\n'
    expect(place.run('tree', empty, '-f', 'json')).toMatchObject({ status: 0, stderr: sentence })
    expect(place.run('tree', empty)).toMatchObject({ status: 0, stderr: sentence })
    expect(place.run('tree', empty, '--quiet')).toMatchObject({ status: 0, stderr: '' })
  })

  it('says what is wrong with a single bad file', () => {
    const bad = join(place.folder, 'bad.safetensors')
    fs.writeFileSync(bad, 'short')
    const { status, stdout } = place.run('tree', bad)
    expect(status).toBe(3)
    expect(stdout).toContain('SAFETENSORS_HEADER_TOO_SMALL')
  })

  it.runIf(process.platform !== 'win32')('ends in order when its reader has seen enough', () => {
    const command = `"$1" "$2" --library "$3" tree "$4" -f svg | true; echo "\${PIPESTATUS[0]}"`
    const args = ['-c', command, 'bash', process.execPath, CLI, place.library, models]
    const { stdout, stderr } = spawnSync('bash', args, { encoding: 'utf8' })
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' })
  })
})

describe('--quiet', () => {
  it('leaves the answer, and what was asked for', () => {
    expect(place.run('scan', models, '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(place.run('tree', models, '--quiet').stdout).toBe(place.run('tree', models).stdout)
    expect(place.run('scan', models, '--quiet', '--stats').stderr).toContain('models cached')
  })
})

describe('scan', () => {
  it('says what it found and read', () => {
    const library = join(place.folder, 'other.db')
    const first = place.run('scan', join(models, 'oak'), join(models, 'ash'), '--library', library)
    expect(first).toMatchObject({ status: 0, stderr: '' })
    expect(first.stdout).toMatch(/^2 models found, 2 read \(653 kB\), 0 known already\.\n$/)
    const again = place.run('scan', models, '--library', library)
    expect(again.stdout).toMatch(/^4 models found, 2 read \(.* kB\), 2 known already\.\n$/)
  })

  it('goes on where one of several folders is missing', () => {
    const { status, stdout } = place.run('scan', join(place.folder, 'nowhere'), models)
    expect(status).toBe(3)
    expect(stdout).toContain('4 models found')
    expect(stdout).toMatch(/nowhere +FOLDER_NOT_FOUND\n/)
  })
})
