import type { KernelName } from '../layout.ts'
import { exponents } from './exponents.ts'
import { extremes } from './extremes.ts'
import { fold } from './fold.ts'
import { groupMaxima } from './group-maxima.ts'
import type { Kernel } from './kernel.ts'
import { moments } from './moments.ts'
import { patterns } from './patterns.ts'
import { rowMaxima } from './row-maxima.ts'
import { strips } from './strips.ts'

export const kernels: Readonly<Record<KernelName, Kernel>> = {
  extremes,
  exponents,
  moments,
  patterns,
  strips,
  fold,
  'row-maxima': rowMaxima,
  'group-maxima': groupMaxima,
}
