// The part of the WebAssembly interface that the engine uses; Node has it, its type declarations leave it to the DOM.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
    private readonly brand: undefined
  }
  class Memory {
    constructor(size: { initial: number; maximum: number; shared: true })
    readonly buffer: SharedArrayBuffer
  }
  function validate(bytes: Uint8Array): boolean
}
