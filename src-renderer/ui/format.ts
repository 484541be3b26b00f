import { visible } from '../../src-main/contract/characters.ts'
import type { Folder } from '../../src-main/contract/folders.ts'
import { size } from '../../src-main/contract/words.ts'
import { words } from './words.ts'

const NBSP = '\u00a0'

/** Bytes with a space that does not break: "2.47 GB". */
export function bytes(value: number): string {
  return size(value, NBSP)
}

/** What a folder is called: by its place, but the sample family by its name. */
export function folderLabel({ name, path, sample }: Folder): string {
  return visible(sample ? name : path)
}

/** A message of the engine as a sentence: it begins large and ends with a stop. */
export function sentence(message: string): string {
  const text = visible(message)
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`
}

/** A number and its unit apart, so that the number can stand out: ["2.41", "GB"]. */
export function bytesApart(value: number): readonly [string, string] {
  const [number, unit] = size(value, NBSP).split(NBSP)
  return [number ?? '', unit ?? '']
}

/** Seconds as a person would say them, the number and its unit apart: ["11", "s"], ["3", "min"], ["2:05", "h"]. */
export function durationApart(seconds: number): readonly [string, string] {
  if (seconds < 59.5) return [String(Math.max(1, Math.round(seconds))), 's']
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return [String(minutes), 'min']
  return [`${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`, 'h']
}

/**
 * A time as it matters now: "today, 09:41", "yesterday, 18:02", "3 Nov, 09:41", "3 Nov 2025".
 *
 * @param time ISO 8601
 */
export function moment(time: string, now = new Date()): string {
  const then = new Date(time)
  if (Number.isNaN(then.getTime())) return time
  const clock = `${pad(then.getHours())}:${pad(then.getMinutes())}`
  const days = Math.round((startOfDay(now) - startOfDay(then)) / 86_400_000)
  if (days === 0) return `${words.when.today}, ${clock}`
  if (days === 1) return `${words.when.yesterday}, ${clock}`
  const date = `${then.getDate()}${NBSP}${MONTHS[then.getMonth()]}`
  return then.getFullYear() === now.getFullYear() ? `${date}, ${clock}` : `${date}${NBSP}${then.getFullYear()}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
