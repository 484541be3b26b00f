import fs from 'node:fs'
import { expect, it } from 'vitest'
import { PROBLEM_KINDS } from '../../src-main/contract/problems.ts'
import * as limits from '../../src-main/formats/limits.ts'

const page = fs.readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8')

it('docs/formats.md explains every code once, and no other', () => {
  const codes = [...page.slice(page.indexOf('## Codes')).matchAll(/^\| `([A-Z0-9_]+)` /gm)]
  expect(codes.map(([, code]) => code).sort()).toEqual(Object.keys(PROBLEM_KINDS).sort())
})

it.each(Object.entries(limits))('docs/formats.md gives the limit %s', (name, value) => {
  expect(page).toMatch(new RegExp(`\`${name}\` +\\| ${value.toLocaleString('en')} `))
})
