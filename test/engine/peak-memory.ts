import { type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** The largest resident memory of a process until it ends, in bytes. Linux only: from /proc. */
export async function peakMemory(child: ChildProcess): Promise<number> {
  const ended = once(child, 'exit').then(() => true)
  let peak = 0
  do peak = Math.max(peak, highWaterMark(child.pid!))
  while (!(await Promise.race([ended, setTimeout(20, false)])))
  return peak
}

function highWaterMark(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}
