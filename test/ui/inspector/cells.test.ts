import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cellOf, tensorAt, walk } from '../../../src-renderer/ui/inspector/layers/cells.ts'
import { aPair, aRow } from './evidence.ts'

/** Rows q (layers 0, 1, 3), k (layers 0 to 3), v (layer 3). */
const { heatmap } = aPair([
  ...[0, 1, 3].map((layer) => aRow('q', layer)),
  ...[0, 1, 2, 3].map((layer) => aRow('k', layer)),
  aRow('v', 3),
])

describe('walking the cells', () => {
  test('arrows lead to the next cell that holds a tensor', () => {
    expect(walk(heatmap, { row: 0, column: 1 }, 'ArrowRight')).toEqual({ row: 0, column: 3 })
    expect(walk(heatmap, { row: 0, column: 3 }, 'ArrowLeft')).toEqual({ row: 0, column: 1 })
    expect(walk(heatmap, { row: 1, column: 3 }, 'ArrowDown')).toEqual({ row: 2, column: 3 })
  })

  test('at an edge, and before nothing but holes, they stay', () => {
    expect(walk(heatmap, { row: 0, column: 0 }, 'ArrowUp')).toEqual({ row: 0, column: 0 })
    expect(walk(heatmap, { row: 1, column: 0 }, 'ArrowDown')).toEqual({ row: 1, column: 0 })
  })

  test('Home and End lead to the ends of the row, with Ctrl to the first and the last cell', () => {
    expect(walk(heatmap, { row: 0, column: 1 }, 'End')).toEqual({ row: 0, column: 3 })
    expect(walk(heatmap, { row: 2, column: 3 }, 'Home')).toEqual({ row: 2, column: 3 })
    expect(walk(heatmap, { row: 1, column: 2 }, 'Home', true)).toEqual({ row: 0, column: 0 })
    expect(walk(heatmap, { row: 1, column: 2 }, 'End', true)).toEqual({ row: 2, column: 3 })
  })

  test('other keys are none of theirs', () => {
    expect(walk(heatmap, { row: 0, column: 0 }, 'Enter')).toBeNull()
  })

  test('every key leads from a tensor to a tensor', () => {
    const keys = fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End')
    fc.assert(
      fc.property(fc.array(keys), (pressed) => {
        let cell = { row: 1, column: 1 }
        for (const key of pressed) cell = walk(heatmap, cell, key)!
        expect(tensorAt(heatmap, cell)).not.toBeNull()
      }),
    )
  })

  test('a tensor is found in its cell, one outside the layers in none', () => {
    expect(cellOf(heatmap, tensorAt(heatmap, { row: 2, column: 3 })!)).toEqual({ row: 2, column: 3 })
    expect(cellOf(heatmap, 99)).toBeNull()
  })
})
