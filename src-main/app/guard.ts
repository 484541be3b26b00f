import { app, session } from 'electron'
import { isPage } from './pages.ts'

/** What the page may load: itself, and what it has made. */
const LOCAL = /^(app|blob|data|devtools):/

/**
 * Denies what a page never needs: permissions, devices, navigation, new windows, embedded pages, and any request that
 * would leave the machine.
 */
export function guardPages(): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !LOCAL.test(url) }))
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event) => {
      // The page that computes stays where it is, and no window becomes one.
      if (!isPage(event.url, 'ui') || isPage(contents.getURL(), 'compute')) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}
