import { describe, expect, it } from 'vitest'
import { duration, progressLine, progressText, recoveryText } from '../../src-main/cli/progress.ts'
import type { ScanProgress } from '../../src-main/engine/scan.ts'

const progress = (values: Partial<ScanProgress> = {}): ScanProgress => ({
  modelsDone: 12,
  modelsToRead: 42,
  bytesDone: 1.2e9,
  bytesToRead: 5.4e9,
  current: 'models/seed-3',
  engine: null,
  ...values,
})

describe('progressText', () => {
  it('says what is done, how fast, how long it will take, and what is read', () => {
    expect(progressText(progress(), 0.6)).toBe(
      '12 of 42 models · 1.20 GB of 5.40 GB · 2.00 GB/s · 2 s left · models/seed-3',
    )
  })

  it('promises nothing before the first byte', () => {
    expect(progressText(progress({ bytesDone: 0 }), 3)).toContain(' · 0 B/s · – left · ')
    expect(progressText(progress(), 0)).toContain(' · – left · ')
  })

  it('never has less than no time left', () => {
    expect(progressText(progress({ bytesDone: 6e9 }), 1)).toContain(' · 0 s left · ')
  })
})

describe('recoveryText', () => {
  it('says how many models have their place, and what is being done', () => {
    expect(recoveryText({ part: 'trees', modelsDone: 120, models: 1000 })).toBe(
      '120 of 1\u00a0000 models placed · drawing trees',
    )
  })
})

describe('duration', () => {
  it.each([
    [-1, '0 s'],
    [0, '0 s'],
    [0.6, '1 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [200, '3 min 20 s'],
    [3599, '59 min 59 s'],
    [3599.6, '1 h 00 min'],
    [3900, '1 h 05 min'],
    [360_000, '100 h 00 min'],
  ])('%d seconds: %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })
})

describe('progressLine', () => {
  const terminal = (isTTY: boolean, columns: number) => {
    const written: string[] = []
    const output = { isTTY, columns, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
    return { line: progressLine(output), written }
  }

  it('writes nothing to a pipe or a file', () => {
    const { line, written } = terminal(false, 80)
    line.show(progress())
    line.clear()
    expect(written).toEqual([])
  })

  it('rewrites one line that fits, and leaves none behind', () => {
    const { line, written } = terminal(true, 40)
    line.show(progress())
    line.show(progress({ modelsDone: 13 }))
    line.clear()
    expect(written).toHaveLength(3)
    for (const text of written) expect(text.startsWith('\r\u001b[K')).toBe(true)
    expect(written[1]).toContain('13 of 42 models')
    expect(written[1]!.length - '\r\u001b[K'.length).toBe(39)
    expect(written[2]).toBe('\r\u001b[K')
  })
})
