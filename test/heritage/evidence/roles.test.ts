import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TensorRow } from '../../../src-main/contract/evidence.ts'
import { heatmapOf } from '../../../src-main/heritage/evidence/heatmap.ts'
import { placesOf, type NamedShape } from '../../../src-main/heritage/evidence/roles.ts'

const matrix = [8, 8]
const named = (names: readonly string[]): NamedShape[] => names.map((name) => ({ name, shape: matrix }))
const layers = (roles: readonly string[], stack = 'model.layers', count = 3): string[] =>
  Array.from({ length: count }, (_, layer) => roles.map((role) => `${stack}.${layer}.${role}`)).flat()
const rolesOf = (names: readonly string[]): string[] =>
  placesOf(named(names)).map(({ role, layer }) => (layer === null ? role : `${layer} ${role}`))

/** The heatmap of tensors that are all there is to know about. */
function mapOf(tensors: readonly NamedShape[]) {
  const places = placesOf(tensors)
  const rows = tensors.map(({ name }, i) => ({ tensor: name, ...places[i]! }) as unknown as TensorRow)
  return heatmapOf(rows, places)
}

describe('roles', () => {
  it('are the last parts of a name, as many as it takes', () => {
    expect(
      rolesOf([
        'embeddings.word.weight',
        ...layers(
          ['attention.self.query.weight', 'attention.output.dense.weight', 'output.dense.weight'],
          'enc.layer',
          2,
        ),
      ]),
    ).toEqual([
      'embeddings.word',
      ...['0 query', '0 attention.output.dense', '0 output.dense'],
      ...['1 query', '1 attention.output.dense', '1 output.dense'],
    ])
  })

  it('keep biases and the blocks of fused matrices apart', () => {
    expect(rolesOf(layers(['qkv.weight#0', 'qkv.weight#1', 'qkv.bias#0', 'fc.bias'], 'h', 2)).slice(0, 4)).toEqual([
      '0 qkv#0',
      '0 qkv#1',
      '0 qkv.bias#0',
      '0 fc.bias',
    ])
  })

  it('say which stack, where there are several', () => {
    const found = rolesOf([
      ...layers(['fc1.weight'], 'model.encoder.layers', 2),
      ...layers(['fc1.weight'], 'model.decoder.layers', 2),
    ])
    expect(found).toEqual(['0 encoder.fc1', '1 encoder.fc1', '0 decoder.fc1', '1 decoder.fc1'])
  })

  it('do not take numbered parts of different shapes for layers', () => {
    const head = [
      { name: 'classifier.0.weight', shape: [64, 32] },
      { name: 'classifier.2.weight', shape: [10, 64] },
    ]
    const places = placesOf([...named(layers(['q_proj.weight'])), ...head])
    expect(places.slice(3).map(({ role, layer }) => ({ role, layer }))).toEqual([
      { role: 'classifier.0', layer: null },
      { role: 'classifier.2', layer: null },
    ])
  })

  it('come from shapes that repeat, where names say nothing', () => {
    const shapes = [[90, 8], ...Array.from({ length: 4 }, () => [[8, 8], [8], [32, 8]]).flat(), [5, 8]]
    // In the order of the names' numbers, not of their letters.
    const tensors = shapes.map((shape, i) => ({ name: `p${i + 1}`, shape })).toReversed()
    const places = placesOf(tensors).toReversed()
    expect(places[0]).toMatchObject({ role: 'p1', layer: null })
    expect(places.slice(1, 7).map(({ role, layer }) => `${layer} ${role}`)).toEqual([
      ...['0 matrix 1', '0 vector 2', '0 matrix 3'],
      ...['1 matrix 1', '1 vector 2', '1 matrix 3'],
    ])
    expect(places[12]).toMatchObject({ role: 'matrix 3', layer: 3 })
    expect(places[13]).toMatchObject({ role: 'p14', layer: null })
  })
})

describe('the table of roles and layers', () => {
  it('has its rows in the order of the network', () => {
    const roles = ['input_layernorm', 'mlp.down_proj', 'mlp.gate_proj', 'mlp.up_proj']
    const attention = ['self_attn.k_proj', 'self_attn.o_proj', 'self_attn.q_proj', 'self_attn.v_proj']
    const names = layers([...roles, ...attention].map((role) => `${role}.weight`))
    expect(mapOf(named(names)).roles.map(({ role }) => role)).toEqual([
      ...['q_proj', 'k_proj', 'v_proj', 'o_proj'],
      ...['gate_proj', 'up_proj', 'down_proj', 'input_layernorm'],
    ])
  })

  it('holds every tensor once, whatever the names', () => {
    const part = fc.constantFrom('a', 'b', 'layers', 'weight', 'bias', '0', '1', '01', '7', '9'.repeat(400), '', '#1')
    const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'))
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 30 }), (names) => {
        const { layers: columns, roles, outside } = mapOf(named(names))
        const cells = roles.flatMap((row) => row.cells)
        expect(roles.every((row) => row.cells.length === columns.length)).toBe(true)
        expect(columns.every(Number.isSafeInteger)).toBe(true)
        const placed = [...cells.filter((cell) => cell !== null), ...outside].sort((a, b) => a - b)
        expect(placed).toEqual(names.map((_, i) => i))
      }),
    )
  })

  it('does not become a table of nothing for a made-up file', () => {
    const names = Array.from({ length: 3000 }, (_, i) => [`s.${i}.r${i}.weight`, `s.${i + 1}.r${i}.weight`]).flat()
    expect(mapOf(named(names))).toEqual({ layers: [], roles: [], outside: names.map((_, i) => i) })
  })
})
