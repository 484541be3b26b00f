import { expect, it } from 'vitest'
import { preferPopular } from '../../src-main/heritage/tree/popular.ts'

/** A hub 0 with three children, a fourth (4) that was hardly trained, and 5, which lies nearer to that by `nearer`. */
function placesOfFive(nearer: number): number[] {
  const steps = [0, 1, 1, 1, 0.001, 4]
  const distance = (a: number, b: number): number => {
    if (a === b) return 0
    const sum = steps[a]! + steps[b]!
    return Math.min(a, b) === 4 && Math.max(a, b) === 5 ? steps[5]! - nearer : sum
  }
  const candidates = steps.flatMap((_, b) => steps.slice(0, b).map((_, a) => ({ a, b, length: distance(a, b) })))
  const at = (a: number, b: number): number => candidates.findIndex((link) => link.a === a && link.b === b)
  const tree = [at(0, 1), at(0, 2), at(0, 3), at(0, 4), at(4, 5)]
  return preferPopular(6, candidates, tree, () => true, distance).flatMap((index) => {
    const { a, b } = candidates[index]!
    return b === 5 ? [a] : []
  })
}

it('hangs a model from the one with more children where distances cannot tell two', () => {
  expect(placesOfFive(0.0005)).toEqual([0])
})

it('leaves a link where the distances tell', () => {
  expect(placesOfFive(2)).toEqual([4])
})
