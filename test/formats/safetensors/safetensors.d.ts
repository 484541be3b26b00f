/** The npm package has no types; what the tests use of it. */
declare module 'safetensors' {
  export class SafeTensor {
    constructor(file: Uint8Array)
    getTensor(name: string): Uint8Array
  }
}
