import fs from 'node:fs'
import { expect, it } from 'vitest'
import { CLAIM_FILES } from '../../src-main/claims/files.ts'
import * as limits from '../../src-main/claims/limits.ts'

const page = fs.readFileSync(new URL('../../docs/claims.md', import.meta.url), 'utf8')

it.each(Object.entries(limits))('docs/claims.md gives the limit %s', (name, value) => {
  expect(page).toMatch(new RegExp(`\`${name}\` +\\| ${value.toLocaleString('en')} `))
})

it.each(CLAIM_FILES.map(({ name }) => name))('docs/claims.md names %s', (name) => {
  expect(page).toContain(`| \`${name}\` `)
})
