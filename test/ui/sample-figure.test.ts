import { expect, test } from 'vitest'
import sample from '../../src-renderer/ui/first-run/sample-family.json'
import golden from '../golden/sample-family.json'

test('the family on the first page is the one that the engine recovers', () => {
  const models = golden.models.filter(({ family }) => family === 'family-1')
  const ids = new Set(models.map(({ id }) => id))
  expect(sample.models).toEqual(models)
  expect(sample.relations).toEqual(golden.relations.filter(({ child }) => ids.has(child)))
})
