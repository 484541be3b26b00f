import { expect, test } from 'vitest'
import { words } from '../../src-renderer/ui/words.ts'
import { aScan } from './support/worlds.ts'

const engine = aScan().engine!

test('the engine that measures is named with the reason', () => {
  expect(words.scan.engine(engine)).toBe(
    "Graphics card: NVIDIA H100 has 3.1 × the processor's speed, measured on this machine.",
  )
  expect(words.scan.engine({ ...engine, engine: 'cpu', reason: 'it was chosen' })).toBe('Processor: it was chosen.')
})

test('what became of a device that failed follows', () => {
  const fellBack = 'The graphics card was lost after 3 models; the processor went on. (It is gone.)'
  expect(words.scan.engine({ ...engine, reason: 'Card is faster', fellBack })).toBe(
    `Graphics card: Card is faster. ${fellBack}`,
  )
})

test('the name that a driver gives cannot turn the text round', () => {
  expect(words.scan.engine({ ...engine, reason: 'Card\u202e' })).toBe('Graphics card: Card\ufffd.')
})
