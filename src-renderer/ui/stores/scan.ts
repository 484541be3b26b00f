import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { ScanProgress, ScanState } from '../../../src-main/contract/scan.ts'
import { useClient } from '../client/key.ts'
import { useSession } from './session.ts'

const RUNNING: readonly ScanState[] = ['walking', 'reading', 'relating', 'paused']

/** One point of the curve of the last minute. */
export interface Rate {
  /** Milliseconds since the page began. */
  readonly at: number
  readonly bytesPerSecond: number
}

/** What the curve of the sheet shows, in milliseconds. */
export const CURVE_SPAN = 60_000

/** The scan of the open folder. */
export const useScan = defineStore('scan', () => {
  const client = useClient()
  const session = useSession()
  /** The last report of each folder, by its id. */
  const reports = shallowRef<ReadonlyMap<string, ScanProgress>>(new Map())
  const rates = shallowRef<readonly Rate[]>([])
  /** Path of the problem whose model is being read again. */
  const trying = ref<string | null>(null)
  /** How much of the forest its sheet hides at the bottom, px. */
  const covered = ref(0)
  /** What floats over the forest: a scan that has something to read opens its own and closes it if all went well. */
  const sheet = ref<'scan' | 'problems' | null>(null)

  const progress = computed<ScanProgress | null>(() => {
    const folder = session.folder
    return folder ? (reports.value.get(folder.id) ?? folder.scan) : null
  })
  const running = computed(() => progress.value !== null && RUNNING.includes(progress.value.state))
  /** The models of the running scan: how many were read, are being read, and wait. Whoever counts them counts these. */
  const queue = computed(() => {
    if (!progress.value || !running.value) return null
    const { modelsKnown, modelsDone, modelsToRead, current } = progress.value
    const reading = current ? 1 : 0
    return { read: modelsKnown + modelsDone, reading, waiting: Math.max(0, modelsToRead - modelsDone - reading) }
  })
  const paused = computed(() => progress.value?.state === 'paused')

  watch(
    [() => session.folder?.id, () => progress.value?.state],
    ([folder, state], [folderBefore, before]) => {
      const other = folder !== folderBefore
      if (other) sheet.value = null
      if (other || state === 'walking') rates.value = []
      const begins = state === 'reading' && (other || (before !== 'reading' && before !== 'paused'))
      if (begins && progress.value!.modelsToRead > 0 && trying.value === null) sheet.value = 'scan'
      if (!running.value) trying.value = null
      if (state === 'done' && sheet.value === 'scan' && progress.value!.problemCount === 0) sheet.value = null
    },
    { immediate: true, flush: 'sync' },
  )
  client.on('scan.progress', (report) => {
    reports.value = new Map(reports.value).set(report.folder, report)
    if (report.folder !== session.folder?.id) return
    // A speed that cannot be told yet is no speed of 0; a pause is one.
    if (report.bytesPerSecond === null && rates.value.length === 0) return
    const at = performance.now()
    const recent = rates.value.filter((rate) => rate.at > at - CURVE_SPAN)
    rates.value = [...recent, { at, bytesPerSecond: report.bytesPerSecond ?? 0 }]
  })

  function toggle(which: 'scan' | 'problems'): void {
    sheet.value = sheet.value === which ? null : which
  }

  /** Reads the model with this problem again. */
  async function retry(path: string): Promise<void> {
    const folder = session.folder?.id
    if (folder === undefined || running.value) return
    trying.value = path
    const begun = await session.attempt(() => client.request('scan.retry', { folder, path }))
    if (begun === undefined) trying.value = null
  }

  function act(kind: 'scan.start' | 'scan.pause' | 'scan.resume' | 'scan.cancel'): Promise<void> {
    const folder = session.folder?.id
    if (folder === undefined) return Promise.resolve()
    return session.attempt(async () => void (await client.request(kind, { folder })))
  }

  return {
    progress,
    rates,
    sheet,
    covered,
    running,
    queue,
    paused,
    trying,
    toggle,
    retry,
    start: () => act('scan.start'),
    pause: () => act('scan.pause'),
    resume: () => act('scan.resume'),
    cancel: () => act('scan.cancel'),
  }
})
