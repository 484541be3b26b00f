import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonError, JsonReader } from '../../src-main/formats/json.ts'

/** Builds what JSON.parse would, with the reader's own means. */
function parse(text: string): unknown {
  const json = new JsonReader(text)
  const value = valueOf(json)
  json.end()
  return value
}

function valueOf(json: JsonReader): unknown {
  const first = json.peek()
  if (first === '{') {
    const members: [string, unknown][] = []
    json.object((key) => members.push([key, valueOf(json)]))
    return new Map(members)
  }
  if (first === '[') {
    const items: unknown[] = []
    json.array(() => items.push(valueOf(json)))
    return items
  }
  if (first === '"') return json.string()
  if (json.null()) return null
  return json.unsigned()
}

/** The same shape from JSON.parse. */
function withMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMaps)
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([key, item]) => [key, withMaps(item)]))
}

function faultOf(text: string, read: (json: JsonReader) => void = (json) => json.skip()): unknown {
  try {
    const json = new JsonReader(text)
    read(json)
    json.end()
    return 'none'
  } catch (error) {
    return error instanceof JsonError ? error.fault : error
  }
}

describe('JsonReader', () => {
  it('reads what JSON.parse reads', () => {
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }),
        fc.maxSafeNat(),
        fc.constant(null),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('tree'), { maxLength: 4 }),
      map: fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
    }))
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(parse(text)).toEqual(withMaps(JSON.parse(text)))
      }),
    )
  })

  it('skips what JSON.parse accepts and refuses what it refuses', () => {
    const damaged = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', ',', '{', ']', '0', '-', '.', 'e', '\\', ' ', 'null', '\u0001'),
      )
      .map(([text, at, insert]) => text.slice(0, at % text.length) + insert + text.slice(at % text.length))
      .filter((text) => !/\\u[dD]|\d{300}|[eE]/.test(text)) // lone surrogates and 1e400: refused here, accepted there
    fc.assert(
      fc.property(damaged, (text) => {
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        expect(faultOf(text)).toBe(valid ? 'none' : 'syntax')
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    '1e400',
    '-1e400',
    '"\\ud800"',
    '"\\udc00"',
    '"\\ud800\\u0041"',
    '"\\ud83dx"',
    '\ufeff1',
    '01',
    '1.',
    '.5',
    '+1',
  ])('refuses %j', (text) => {
    expect(faultOf(text)).toBe('syntax')
  })

  it.each([
    ['1.0', 'type'],
    ['1e0', 'type'],
    ['-1', 'type'],
    ['-0', 'type'],
    ['"1"', 'type'],
    ['[1]', 'type'],
    ['', 'syntax'],
    ['x', 'syntax'],
    ['0', 'none'],
    ['9007199254740991', 'none'],
    ['9007199254740992', 'range'],
    ['18446744073709551616', 'range'],
  ])('as a whole number, %j has the fault: %s', (text, fault) => {
    expect(faultOf(text, (json) => json.unsigned())).toBe(fault)
  })

  it('allows 127 levels and no more', () => {
    expect(faultOf('['.repeat(127) + ']'.repeat(127))).toBe('none')
    expect(faultOf('['.repeat(128) + ']'.repeat(128))).toBe('depth')
    expect(faultOf('{"a":'.repeat(1_000_000))).toBe('depth')
  })

  it('shows every key, repeated or inherited', () => {
    const keys: string[] = []
    const json = new JsonReader('{"a":1,"__proto__":{"x":2},"a":3,"10":4,"9":5}')
    json.object((key) => {
      keys.push(key)
      json.skip()
    })
    expect(keys).toEqual(['a', '__proto__', 'a', '10', '9'])
  })

  it('says where the fault is', () => {
    const json = new JsonReader('[1, 2, x]')
    expect(() => json.skip()).toThrow(expect.objectContaining({ position: 7 }))
  })
})
