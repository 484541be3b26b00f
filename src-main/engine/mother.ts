import { setImmediate } from 'node:timers/promises'
import { openFile } from '../files/open.ts'
import type { FoundModel } from '../files/types.ts'
import type { TensorEntry } from '../formats/types.ts'
import { layersOf } from '../heritage/mother/layers.ts'
import { recoverByMother } from '../heritage/mother/recover.ts'
import type { MotherHeritage, MotherOptions, MotherRelation, WeightSource } from '../heritage/mother/types.ts'
import { isFloatStore, storedValues } from '../heritage/stored-values.ts'
import { readHeaders } from './measure-model.ts'

/** What the comparison of all pairs cost. */
export interface PairReading {
  /** Headers included. */
  readonly bytesRead: number
  readonly seconds: number
}

/**
 * Recovers trees with the published method, from the weights of all pairs of models, read anew from their files.
 *
 * @returns null when the signal stopped it
 * @throws FileProblem if a file cannot be read or has changed since it was found
 */
export async function recoverFromPairs(
  models: readonly FoundModel[],
  options: MotherOptions,
  signal?: AbortSignal,
): Promise<{ heritage: MotherHeritage; reading: PairReading } | null> {
  const started = performance.now()
  const counted = { headers: 0 }
  const entries = models.map((model) => readHeaders(model, counted).filter(({ dtype }) => isFloatStore(dtype)))
  const reader = pairReader(models, entries, signal)
  try {
    const heritage = await recoverByMother(reader.source, options)
    const seconds = (performance.now() - started) / 1000
    return { heritage, reading: { bytesRead: counted.headers + reader.bytesRead(), seconds } }
  } catch (error) {
    if (signal?.aborted) return null
    throw error
  }
}

interface PairReader {
  readonly source: WeightSource
  bytesRead(): number
}

function pairReader(
  models: readonly FoundModel[],
  entries: readonly (readonly TensorEntry[])[],
  signal: AbortSignal | undefined,
): PairReader {
  const byName = entries.map((tensors) => new Map(tensors.map((tensor) => [tensor.name, tensor])))
  const identities = new Map(models.flatMap(({ files }) => files.map((file) => [file.path, file] as const)))
  let bytesRead = 0
  const source: WeightSource = {
    models: models.length,
    layers: layersOf(entries),
    async read({ name, rows, columns }, model, from, to) {
      // Reads are synchronous: without a pause, no signal would arrive.
      await setImmediate()
      signal?.throwIfAborted()
      const { dtype, file: path, offset, length } = byName[model]!.get(name)!
      const width = length / (rows * columns)
      const file = openFile(identities.get(path)!)
      try {
        const bytes = file.read(offset + from * width, (to - from) * width)
        bytesRead += bytes.length
        return storedValues(dtype, bytes)!
      } finally {
        file.close()
      }
    },
  }
  return { source, bytesRead: () => bytesRead }
}

/** One plain sentence or two: why the published method put this relation there. */
export function explainPair(relation: MotherRelation, parent: string): string {
  const { measure, distance, kurtosisAgrees } = relation
  const measured = measure === 'lora' ? 'rank of the difference' : 'root mean square difference'
  const course = kurtosisAgrees
    ? 'the kurtosis does not speak against this direction'
    : 'the kurtosis speaks against this direction, but the whole tree is cheaper so'
  return (
    `MoTHer places it below ${parent}: their distance (${measured}) is ${Number(distance.toPrecision(3))} of the mean ` +
    `in this tree; ${course}. The method gives no support.`
  )
}
