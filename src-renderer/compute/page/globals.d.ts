// What the page takes from a browser beside WebGPU. The DOM library would bring a second WebGPU, and much that is not to
// be used here.

interface PageSocket {
  send(text: string): void
  addEventListener(type: 'open' | 'error' | 'close', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
}
declare const WebSocket: new (address: string) => PageSocket

interface ByobReader {
  read(view: Uint8Array<ArrayBuffer>): Promise<{ readonly value: Uint8Array<ArrayBuffer> | undefined }>
  cancel(): Promise<void>
}
interface PageResponse {
  readonly status: number
  readonly body: { getReader(options: { mode: 'byob' }): ByobReader } | null
}
declare function fetch(address: string, options: { headers: Record<string, string> }): Promise<PageResponse>

declare class URL {
  constructor(address: string, base?: URL)
  readonly href: string
  protocol: string
  search: string
}

declare const location: { readonly href: string }
declare const navigator: { readonly gpu?: GPU }
declare const document: { querySelector(selector: string): { textContent: string | null } | null }
