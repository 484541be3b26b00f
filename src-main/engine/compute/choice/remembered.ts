import { cpus } from 'node:os'
import * as v from 'valibot'
import { FINGERPRINT_VERSION } from '../../../fingerprint/types.ts'
import type { SettingStore } from '../../../library/types.ts'
import { packageVersion } from '../../package-root.ts'
import type { AdapterReport } from '../open.ts'
import type { Trial } from './trial.ts'

const Speed = v.pipe(v.number(), v.finite(), v.gtValue(0))
const KeptTrial = v.object({
  agrees: v.boolean(),
  speeds: v.nullable(v.object({ gpuSpeed: Speed, cpuSpeed: Speed })),
})

/** What a device was found to do on this machine; null where this version has not tried it with so many threads. */
export function recallTrial(settings: SettingStore, adapter: AdapterReport, workers: number): Trial | null {
  const kept = v.safeParse(v.pipe(v.string(), v.parseJson(), KeptTrial), settings.get(keyOf(adapter, workers)))
  return kept.success ? kept.output : null
}

export function rememberTrial(settings: SettingStore, adapter: AdapterReport, workers: number, trial: Trial): void {
  settings.set(keyOf(adapter, workers), JSON.stringify(trial))
}

/** Whatever may change speed or numbers. A library can be used on more than one machine. */
function keyOf({ vendor, architecture, description }: AdapterReport, workers: number): string {
  const machine = [cpus()[0]?.model ?? '', workers]
  return `engine-trial ${JSON.stringify([packageVersion(), FINGERPRINT_VERSION, ...machine, vendor, architecture, description])}`
}
