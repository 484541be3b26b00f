import { inject, type InjectionKey } from 'vue'
import type { EngineClient } from '../../../src-main/contract/client.ts'

/** What `app.provide` hands to every store and component. */
export const CLIENT: InjectionKey<EngineClient> = Symbol('engine client')

/** The engine, in the setup of a store or component. */
export function useClient(): EngineClient {
  const client = inject(CLIENT)
  if (!client) throw new Error('The application was started without a client.')
  return client
}
