import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watch } from '../../../../src-main/engine/compute/dawn/watch.ts'

const MINUTE = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('notices two minutes of silence, and no less', () => {
  const silent = vi.fn()
  const watching = watch(() => true, silent)
  vi.advanceTimersByTime(1.9 * MINUTE)
  watching.heard()
  vi.advanceTimersByTime(1.9 * MINUTE)
  expect(silent).not.toHaveBeenCalled()
  vi.advanceTimersByTime(0.2 * MINUTE)
  expect(silent).toHaveBeenCalled()
  watching.stop()
})

it('expects nothing of what is not at work', () => {
  const silent = vi.fn()
  let atWork = false
  const watching = watch(() => atWork, silent)
  vi.advanceTimersByTime(10 * MINUTE)
  atWork = true
  vi.advanceTimersByTime(1.9 * MINUTE)
  expect(silent).not.toHaveBeenCalled()
  watching.stop()
  vi.advanceTimersByTime(10 * MINUTE)
  expect(silent).not.toHaveBeenCalled()
})
