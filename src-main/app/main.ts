import { app, BrowserWindow } from 'electron'
import { join } from 'node:path'

/** Opens the one window. The page is a placeholder until the desktop application is built. */
function openWindow(): void {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/ui.cjs'),
      contextIsolation: true,
      sandbox: true,
    },
  })
  void window.loadFile(join(import.meta.dirname, '../renderer/ui/index.html'))
}

void app.whenReady().then(openWindow)
app.on('window-all-closed', () => app.quit())
