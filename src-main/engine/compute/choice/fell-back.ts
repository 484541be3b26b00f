import { count } from '../../../contract/words.ts'
import type { DeviceFailure, FailureReason } from '../open.ts'

const WHAT: Readonly<Record<FailureReason, string>> = {
  none: 'The graphics card was gone',
  software: 'The graphics card was gone',
  limits: 'The graphics card was too small for a tensor',
  lost: 'The graphics card was lost',
  'out-of-memory': 'The graphics card ran out of memory',
  refused: 'The graphics card failed',
}

/** What a scan says once, where the device failed and the processor went on. */
export function fellBackSentence({ reason, message }: DeviceFailure, modelsDone: number): string {
  return `${WHAT[reason]} after ${count(modelsDone, 'model')}; the processor went on. (${message})`
}
