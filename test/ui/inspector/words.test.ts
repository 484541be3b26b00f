import { describe, expect, test } from 'vitest'
import { emphasise } from '../../../src-renderer/ui/inspector/parts/emphasise.ts'
import { words } from '../../../src-renderer/ui/inspector/words.ts'
import { cuesInWords, startOfSentence } from '../../../src-renderer/ui/inspector/words/relation.ts'
import { aRelation } from '../../support/graphs.ts'

describe('sentences', () => {
  test.each([
    [aRelation('a', 'b'), 'Fine-tuned from'],
    [aRelation('a', 'b', { type: 'lora', rank: 16 }), 'A LoRA of rank 16, merged, from'],
    [aRelation('a', 'b', { type: 'adapter', rank: null }), 'An adapter for'],
    [aRelation('a', 'b', { type: 'cast' }), 'Cast to BF16 from'],
    [aRelation('a', 'b', { directed: false }), 'Related to'],
    [aRelation('a', 'b', { type: 'copy', directed: false, directionSupport: null }), 'The same numbers as'],
  ])('begin with how the child came about: %#', (relation, start) => {
    expect(startOfSentence(relation, 'BF16')).toBe(start)
  })

  test('support is a probability in percent', () => {
    expect(words.relation.support(0.867).replaceAll('\u00a0', ' ')).toBe('support 86 %')
  })

  test('say which signs speak for a direction, and which against it', () => {
    const cue = { value: 1, error: 0.1 }
    expect(
      cuesInWords([
        { cue: 'kurtosis', verdict: 'backward', ...cue },
        { cue: 'norm', verdict: 'forward', ...cue },
        { cue: 'cross-cumulants', verdict: 'silent', ...cue },
      ]),
    ).toBe('Squared norm speaks for it; distance from Gaussian speaks against it; cross-cumulants are silent.')
    expect(
      cuesInWords([
        { cue: 'kurtosis', verdict: 'forward', ...cue },
        { cue: 'norm', verdict: 'forward', ...cue },
      ]),
    ).toBe('Distance from Gaussian and squared norm speak for it.')
    expect(cuesInWords([])).toBe('')
  })
})

describe('names in a sentence', () => {
  const strong = (sentence: string, names: string[]): string[] =>
    emphasise(sentence, names).flatMap((piece) => (piece.strong ? `${piece.text}${piece.mark}` : []))

  test('stand out, the longer before the shorter, with the mark that follows', () => {
    expect(strong('llama-1b-chat comes from llama-1b.', ['llama-1b', 'llama-1b-chat'])).toEqual([
      'llama-1b-chat',
      'llama-1b.',
    ])
  })

  test('are not found inside other words', () => {
    expect(strong('The oaken box is of oak: solid oak-wood.', ['oak'])).toEqual(['oak:'])
  })

  test('may hold what means something in a pattern', () => {
    expect(strong('It comes from a.b (copy).', ['a.b (copy)', ''])).toEqual(['a.b (copy).'])
  })

  test('leave the sentence whole', () => {
    const text = emphasise('oak, elm and oak.', ['oak', 'elm'])
      .map((piece) => piece.text + piece.mark)
      .join('')
    expect(text).toBe('oak, elm and oak.')
  })
})
