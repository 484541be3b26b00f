import type { FoundModel } from '../files/types.ts'
import type { TensorEntry } from '../formats/types.ts'
import { layersOf } from '../heritage/mother/layers.ts'
import { recoverByMother } from '../heritage/mother/recover.ts'
import type { MotherHeritage, MotherOptions, MotherRelation, WeightSource } from '../heritage/mother/types.ts'
import { isFloatStore } from '../heritage/exact/stored-values.ts'
import { readHeaders } from './measure-model.ts'
import { elementReader, type ElementReader } from './read-again.ts'

/** What the comparison of all pairs cost. */
export interface PairReading {
  /** Headers included. */
  readonly bytesRead: number
  readonly seconds: number
}

/** Held at once unless told otherwise: 512 MiB of float64. */
const HELD_ELEMENTS = 2 ** 26

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
  const reader = elementReader(models, signal)
  try {
    const source = weightSource(entries, reader, options.heldElements ?? HELD_ELEMENTS)
    const heritage = await recoverByMother(source, options)
    const seconds = (performance.now() - started) / 1000
    return { heritage, reading: { bytesRead: counted.headers + reader.bytesRead(), seconds } }
  } catch (error) {
    if (signal?.aborted) return null
    throw error
  }
}

function weightSource(
  entries: readonly (readonly TensorEntry[])[],
  reader: ElementReader,
  heldElements: number,
): WeightSource {
  const byName = entries.map((tensors) => new Map(tensors.map((tensor) => [tensor.name, tensor])))
  return {
    models: entries.length,
    layers: layersOf(entries),
    heldElements,
    read: ({ name }, model, from, to) => reader.read(byName[model]!.get(name)!, from, to),
  }
}

/** One plain sentence or two: why the published method put this relation there. */
export function explainPair(relation: MotherRelation, name: (node: number) => string): string {
  const { parent, measure, distance, kurtosisAgrees } = relation
  const measured = measure === 'lora' ? 'rank of the difference' : 'root mean square difference'
  const course = kurtosisAgrees
    ? 'the kurtosis does not speak against this direction'
    : 'the kurtosis speaks against this direction, but the whole tree is cheaper so'
  return (
    `MoTHer places it below ${name(parent)}: their distance (${measured}) is ${Number(distance.toPrecision(3))} of the mean ` +
    `in this tree; ${course}. The method gives no support.`
  )
}
