import type { TensorFingerprint } from '../fingerprint/types.ts'
import type { Held, Room } from './room.ts'
import type { StoredModel } from './types.ts'

/** The two parts of a fingerprint that are large. */
export type Bulk = Pick<TensorFingerprint, 'sketch' | 'sample'>

/** Reads one part again; throws where the library does not have it any more. */
export type ReadBulk = <Part extends keyof Bulk>(place: TensorPlace, part: Part) => NonNullable<Bulk[Part]>

/** Where a tensor stands in the library, and the hash of its bytes, by which it is known again. */
export interface TensorPlace {
  readonly location: string
  readonly ordinal: number
  readonly hash: Uint8Array
}

/** The same model with sketches and samples that stay in memory only as long as there is room for them. */
export function leanModel(model: StoredModel, read: ReadBulk, room: Room): StoredModel {
  const { location } = model
  const tensors = model.tensors.map((tensor, ordinal) => leanTensor(tensor, ordinal))
  return { ...model, tensors }

  function leanTensor({ sketch, sample, ...rest }: TensorFingerprint, ordinal: number): TensorFingerprint {
    const place = { location, ordinal, hash: rest.hash }
    const part = <Name extends keyof Bulk>(name: Name, value: Bulk[Name]): Part<Name> | null =>
      value && new Part(name, value, place, read, room)
    const parts: Parts = { sketch: part('sketch', sketch), sample: part('sample', sample) }
    return Object.defineProperties({ ...rest, [PARTS]: parts }, ACCESSORS) as unknown as TensorFingerprint
  }
}

interface Parts {
  readonly sketch: Part<'sketch'> | null
  readonly sample: Part<'sample'> | null
}

const PARTS = Symbol('parts')

interface Lean {
  readonly [PARTS]: Parts
}

/** Own and enumerable, so that a copy of the object has them; the same functions for all, so that reading them stays quick. */
const ACCESSORS: PropertyDescriptorMap & ThisType<Lean> = {
  sketch: {
    enumerable: true,
    get() {
      return this[PARTS].sketch?.value() ?? null
    },
  },
  sample: {
    enumerable: true,
    get() {
      return this[PARTS].sample?.value() ?? null
    },
  },
}

class Part<Name extends keyof Bulk> implements Held {
  readonly bytes: number
  used = false
  #value: NonNullable<Bulk[Name]> | null
  readonly #name: Name
  readonly #place: TensorPlace
  readonly #read: ReadBulk
  readonly #room: Room

  constructor(name: Name, value: NonNullable<Bulk[Name]>, place: TensorPlace, read: ReadBulk, room: Room) {
    this.bytes = value.byteLength
    this.#value = value
    this.#name = name
    this.#place = place
    this.#read = read
    this.#room = room
    room.admit(this)
  }

  value(): NonNullable<Bulk[Name]> {
    this.used = true
    if (this.#value !== null) return this.#value
    const value = this.#read(this.#place, this.#name)
    this.#value = value
    this.#room.admit(this)
    return value
  }

  drop(): void {
    this.#value = null
  }
}
