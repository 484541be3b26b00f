/** Hands a file to the user: the browser's download, or the system's dialog in the desktop application. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The download has begun by then; a page that stays open for days must not keep every file.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
