import { createPinia, setActivePinia } from 'pinia'
import { createApp } from 'vue'
import { CLIENT } from '../../../src-renderer/ui/client/key.ts'
import { scriptedClient, type ScriptedClient, type World } from './scripted-client.ts'

/** An application without a page, so that stores find their client; made anew for every test. */
export function startStores(world: World): ScriptedClient {
  const client = scriptedClient(world)
  const pinia = createPinia()
  createApp({}).use(pinia).provide(CLIENT, client)
  setActivePinia(pinia)
  return client
}

/** Lets everything that was asked be answered. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
