import * as v from 'valibot'
import type { EngineFailure } from '../contract/errors.ts'
import type { Folder } from '../contract/folders.ts'

const Id = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const Path = v.pipe(v.string(), v.minLength(1))

/** From the main process to the engine process. `connect` and `compute-page` come with the port of a page. */
export const ToEngine = v.variant('type', [
  v.strictObject({
    type: v.literal('start'),
    version: v.string(),
    /** The model that the engine was reading when it died the last time. */
    diedOn: v.nullable(Path),
  }),
  v.strictObject({ type: v.literal('connect') }),
  v.strictObject({ type: v.literal('grant'), id: Id, path: Path }),
  v.strictObject({ type: v.literal('chosen'), id: Id, path: v.nullable(Path) }),
  v.strictObject({ type: v.literal('compute-page'), id: Id }),
  /** The compute page ended by itself. */
  v.strictObject({ type: v.literal('compute-gone'), id: Id, reason: v.string() }),
  v.strictObject({ type: v.literal('close') }),
])
export type ToEngine = v.InferOutput<typeof ToEngine>

/** From the engine process to the main process. */
export const FromEngine = v.variant('type', [
  /** Null between two models. */
  v.strictObject({ type: v.literal('reading'), model: v.nullable(Path) }),
  v.strictObject({ type: v.literal('choose'), id: Id }),
  v.strictObject({ type: v.literal('reveal'), path: Path }),
  v.strictObject({ type: v.literal('granted'), id: Id, folder: v.custom<Folder>(isObject) }),
  v.strictObject({ type: v.literal('refused'), id: Id, failure: v.custom<EngineFailure>(isObject) }),
  /** A new compute page, instead of the one there may be. */
  v.strictObject({ type: v.literal('open-compute'), id: Id }),
  v.strictObject({ type: v.literal('close-compute') }),
  v.strictObject({ type: v.literal('bug'), text: v.string() }),
])
export type FromEngine = v.InferOutput<typeof FromEngine>

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
