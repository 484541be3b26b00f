import fc from 'fast-check'
import { expect, test } from 'vitest'
import { record, redo, startHistory, undo, type History } from '../../src-renderer/ui/stores/history.ts'

test('undo goes back one step at a time, redo forward again', () => {
  const history = record(record(startHistory('a'), 'b'), 'c')
  expect(undo(history).present).toBe('b')
  expect(undo(undo(history)).present).toBe('a')
  expect(redo(undo(undo(history))).present).toBe('b')
})

test('at either end nothing happens', () => {
  const start = startHistory('a')
  expect(undo(start)).toBe(start)
  expect(redo(start)).toBe(start)
})

test('a new step forgets what was taken back', () => {
  const history = record(undo(record(startHistory('a'), 'b')), 'c')
  expect(redo(history).present).toBe('c')
  expect(undo(history).present).toBe('a')
})

test('steps of one kind that follow each other are taken back as one', () => {
  const typed = ['v', 'vi', 'vit'].reduce((history, text) => record(history, text, 'filter'), startHistory(''))
  expect(undo(typed).present).toBe('')
  const other = record(record(typed, 'x'), 'xy', 'filter')
  expect(undo(other).present).toBe('x')
})

test('after an undo, typing begins a step of its own', () => {
  const typed = record(startHistory(''), 'v', 'filter')
  const again = record(redo(undo(typed)), 'vi', 'filter')
  expect(undo(again).present).toBe('v')
})

test('undoing everything and redoing everything ends where it was', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 50 }), (values) => {
      let history: History<number> = values.reduce((all, value) => record(all, value), startHistory(-1))
      for (const _ of values) history = undo(history)
      expect(history.present).toBe(-1)
      for (const _ of values) history = redo(history)
      expect(history.present).toBe(values.at(-1) ?? -1)
    }),
  )
})

test('a history does not grow without end', () => {
  let history = startHistory(0)
  for (let step = 1; step <= 1000; step++) history = record(history, step)
  expect(history.past.length).toBeLessThanOrEqual(200)
  expect(undo(history).present).toBe(999)
})
