import type { ScanProgress } from '../engine/scan.ts'
import { grouped, size } from '../contract/words.ts'
import type { RecoveryProgress } from '../heritage/recover.ts'

/** A progress line that is rewritten in place, on a terminal only. */
export interface ProgressLine {
  show(progress: ScanProgress): void
  showRecovery(progress: RecoveryProgress): void
  clear(): void
}

const RETURN_AND_ERASE = '\r\u001b[K'

/** @param output where people look while they wait; pipes and files get nothing */
export function progressLine(output: NodeJS.WriteStream): ProgressLine {
  if (!output.isTTY) return { show: () => {}, showRecovery: () => {}, clear: () => {} }
  const started = performance.now()
  const write = (line: string): void => {
    output.write(RETURN_AND_ERASE + line.slice(0, Math.max(20, output.columns - 1)))
  }
  return {
    show: (progress) => write(progressText(progress, (performance.now() - started) / 1000)),
    showRecovery: (progress) => write(recoveryText(progress)),
    clear: () => output.write(RETURN_AND_ERASE),
  }
}

/** "12 of 42 models · 1.20 GB of 5.40 GB · 2.00 GB/s · 2 s left · models/seed-3". */
export function progressText(progress: ScanProgress, seconds: number): string {
  const { modelsDone, modelsToRead, bytesDone, bytesToRead, current } = progress
  const rate = seconds > 0 ? bytesDone / seconds : 0
  const left = rate > 0 ? duration((bytesToRead - bytesDone) / rate) : '–'
  const parts = [
    `${grouped(modelsDone)} of ${grouped(modelsToRead)} models`,
    `${size(bytesDone)} of ${size(bytesToRead)}`,
    `${size(rate)}/s`,
  ]
  return [...parts, `${left} left`, current].join(' · ')
}

const WORDS: Readonly<Record<RecoveryProgress['part'], string>> = {
  alignment: 'aligning tensors',
  families: 'finding families',
  derivations: 'finding exact copies',
  distances: 'measuring distances',
  merges: 'looking for merges',
  'element merges': 'looking for merges',
  'missing models': 'looking for missing ancestors',
  trees: 'drawing trees',
}

/** "120 of 1 000 models placed · drawing trees". */
export function recoveryText({ part, modelsDone, models }: RecoveryProgress): string {
  return `${grouped(modelsDone)} of ${grouped(models)} models placed · ${WORDS[part]}`
}

/** Seconds as people say them: "8 s", "3 min 20 s", "1 h 05 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`
}
