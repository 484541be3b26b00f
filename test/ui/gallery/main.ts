// The real window before a scripted engine: `?scene=scanning&theme=dark`. For looking at states that are hard to reach.
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from '../../../src-renderer/ui/App.vue'
import { CLIENT } from '../../../src-renderer/ui/client/key.ts'
import '../../../src-renderer/ui/tokens.css'
import '../../../src-renderer/ui/base.css'
import { scriptedClient } from '../support/scripted-client.ts'
import { SCENES } from './scenes.ts'

const query = new URLSearchParams(location.search)
const scene = SCENES[query.get('scene') ?? 'sample']
if (!scene) throw new Error(`There is no such scene. There are: ${Object.keys(SCENES).join(', ')}`)
const world = scene()
const theme = query.get('theme') === 'dark' ? 'dark' : 'light'
const client = scriptedClient({ ...world, settings: { ...world.settings, theme } })
createApp(App).use(createPinia()).provide(CLIENT, client).mount('#app')
setTimeout(() => world.afterwards?.(client.emit), 300)
