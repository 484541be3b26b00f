// What every host has (Node, Electron, browsers) and the ECMAScript library does not declare. The pure layers see no more.
declare class TextDecoder {
  constructor(encoding?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(input?: ArrayBufferView | ArrayBufferLike): string
}
declare class TextEncoder {
  encode(input?: string): Uint8Array
}
