import * as v from 'valibot'
import { EngineError, isErrorCode, type EngineFailure } from './errors.ts'
import type { EventKind, Events } from './events.ts'

/** More than any window asks; the numbers of requests stay exact. */
const RequestId = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** From a user interface to the engine. The parameters are checked by what answers the request. */
export const ClientMessage = v.variant('type', [
  v.strictObject({
    type: v.literal('request'),
    id: RequestId,
    kind: v.pipe(v.string(), v.maxLength(64)),
    parameters: v.unknown(),
  }),
  v.strictObject({ type: v.literal('cancel'), id: RequestId }),
])
export type ClientMessage = v.InferOutput<typeof ClientMessage>

/** From the engine to a user interface. */
export type HostMessage =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly failure: EngineFailure }
  | { [Kind in EventKind]: { readonly type: 'event'; readonly kind: Kind; readonly event: Events[Kind] } }[EventKind]

const KnownHostMessage = v.variant('type', [
  v.object({ type: v.literal('result'), id: RequestId, result: v.unknown() }),
  v.object({
    type: v.literal('failure'),
    id: RequestId,
    failure: v.object({ code: v.string(), message: v.string(), remedy: v.string() }),
  }),
  v.object({ type: v.literal('event'), kind: v.string(), event: v.unknown() }),
])

/** The message, or null for what no engine of this version sends. */
export function parseHostMessage(message: unknown): HostMessage | null {
  const parsed = v.safeParse(KnownHostMessage, message)
  return parsed.success ? (parsed.output as HostMessage) : null
}

/** What a text that came over a channel holds; undefined, which is no message, for one that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A failure as it came from the engine, to be thrown here. */
export function asEngineError({ code, message }: EngineFailure): EngineError {
  return isErrorCode(code) ? new EngineError(code, message) : new EngineError('internal', `${message} (${code})`)
}
