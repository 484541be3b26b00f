import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openLibrary } from '../../src-main/library/open.ts'
import { Room, type Held } from '../../src-main/library/room.ts'
import { makeModel, makeTensor, withTensors } from './models.ts'
import { temporaryPath } from './support.ts'

/** Room for two of the sketches that makeTensor makes, and not for three. */
const TWO_SKETCHES = 2.5 * 64 * 64 * 4

describe('loadLean', () => {
  it('gives the same model as load, whatever there is room for and in whichever order it is looked at', () => {
    for (const room of [0, TWO_SKETCHES, 2 ** 30]) {
      const library = openLibrary(temporaryPath(), () => {}, room)
      const models = ['/a', '/b', '/c'].map((location) => makeModel(location))
      for (const model of models) library.save(model)
      const lean = models.map(({ location }) => library.loadLean(location)!)
      for (let round = 0; round < 3; round++) {
        lean.toReversed().forEach(({ tensors, ...rest }, at) => {
          const { tensors: saved, ...facts } = models[2 - at]!
          expect(rest).toStrictEqual(facts)
          expect(tensors.map((tensor) => structuredClone({ ...tensor }))).toEqual(saved)
        })
      }
      library.close()
    }
  })

  it('says so where the library has lost or changed what is asked for', () => {
    const library = openLibrary(temporaryPath(), () => {}, 0)
    library.save(makeModel('/a'))
    library.save(makeModel('/b'))
    const [gone, changed] = [library.loadLean('/a')!, library.loadLean('/b')!]
    library.forget('/a')
    library.save(withTensors('/b', [makeTensor('another')]))
    for (const { tensors } of [gone, changed])
      expect(() => tensors[0]!.sketch).toThrow(expect.objectContaining({ code: 'LIBRARY_UNAVAILABLE' }) as Error)
    library.close()
  })
})

describe('Room', () => {
  it('never holds more than its limit, drops what was used last of all, and nothing while there is room', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(9), use: fc.boolean() })),
        fc.integer({ min: 1, max: 12 }),
        (steps, limit) => {
          const room = new Room(limit)
          const inside = new Set<number>()
          const items = Array.from({ length: 10 }, (_, at): Held => ({
            bytes: 1,
            used: false,
            drop: () => inside.delete(at),
          }))
          for (const { at, use } of steps) {
            const item = items[at]!
            if (use && inside.has(at)) item.used = true
            if (inside.has(at)) continue
            const used = [...inside].filter((other) => items[other]!.used)
            const full = inside.size === limit
            inside.add(at)
            room.admit(item)
            expect(inside.size).toBeLessThanOrEqual(limit)
            if (!full) expect(inside).toContain(at)
            if (full && used.length < limit) expect(used.filter((other) => !inside.has(other))).toEqual([])
          }
        },
      ),
    )
  })
})
