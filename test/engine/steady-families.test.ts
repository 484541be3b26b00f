import { expect, test } from 'vitest'
import { keepFamilyNumbers } from '../../src-main/engine/host/steady-families.ts'
import { aGraph, aModel } from '../support/graphs.ts'

/** Families by the names of their models: [['a', 'b'], ['c']] are family-1 and family-2. */
const graph = (...families: readonly (readonly string[])[]) =>
  aGraph(families.flatMap((names, at) => names.map((name) => aModel(name, { family: `family-${at + 1}` }))))
const familyOf = (next: ReturnType<typeof graph>, name: string): string | null | undefined =>
  next.models.find(({ id }) => id === name)?.family

test('a family keeps its number when another outgrows it', () => {
  const before = graph(['a', 'b', 'c'], ['x', 'y'])
  const next = keepFamilyNumbers(before, graph(['x', 'y', 'z', 'u'], ['a', 'b', 'c'], ['p', 'q']))
  expect(familyOf(next, 'a')).toBe('family-1')
  expect(familyOf(next, 'z')).toBe('family-2')
  expect(familyOf(next, 'p')).toBe('family-3')
})

test('of two families that become one the larger lends its number; no number is given twice', () => {
  const before = graph(['a', 'b'], ['x', 'y', 'z'])
  const next = keepFamilyNumbers(before, graph(['a', 'b', 'x', 'y', 'z'], ['p', 'q']))
  expect(familyOf(next, 'a')).toBe('family-2')
  expect(familyOf(next, 'p')).toBe('family-3')
})

test('a family that falls apart lends its number to the larger part', () => {
  const next = keepFamilyNumbers(graph(['a', 'b', 'c', 'd', 'e']), graph(['c', 'd', 'e'], ['a', 'b']))
  expect(familyOf(next, 'c')).toBe('family-1')
  expect(familyOf(next, 'a')).toBe('family-2')
})
