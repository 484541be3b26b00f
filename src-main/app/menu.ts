import { Menu, shell, type BrowserWindow, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../contract/bridge.ts'

/** The native menu. What concerns the window's contents is carried out by the page. */
export function setMenu(window: () => BrowserWindow | null, logs: string): void {
  const command = (label: string, menuCommand: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator && { accelerator }),
    click: () => window()?.webContents.send('menu', menuCommand),
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const mac = process.platform === 'darwin'
  const settings = command('Settings…', 'settings', 'CmdOrCtrl+,')
  const template: MenuItemConstructorOptions[] = [
    ...(mac
      ? [
          {
            role: 'appMenu' as const,
            submenu: [{ role: 'about' as const }, separator, settings, separator, { role: 'quit' as const }],
          },
        ]
      : []),
    {
      label: 'File',
      submenu: [
        command('Open Folder…', 'open', 'CmdOrCtrl+O'),
        command('Export…', 'export', 'CmdOrCtrl+Shift+E'),
        ...(mac ? [] : [separator, settings, separator, { role: 'quit' as const }]),
      ],
    },
    {
      label: 'Edit',
      submenu: [
        command('Undo View Change', 'undo', 'CmdOrCtrl+Z'),
        command('Redo View Change', 'redo', mac ? 'Cmd+Shift+Z' : 'Ctrl+Y'),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        separator,
        command('Find', 'find', 'CmdOrCtrl+F'),
      ],
    },
    {
      label: 'View',
      submenu: [
        command('Fit', 'fit'),
        separator,
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        command('Keyboard Shortcuts', 'shortcuts'),
        { label: 'Show Logs', click: () => void shell.openPath(logs) },
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
