/** What a host has to say about itself. */
export interface EngineHostOptions {
  readonly version: string
  /** Absolute path of the library. */
  readonly library: string
  /** What the desktop lends; without it folders are chosen in the page. */
  readonly desktop?: {
    /** The absolute path that the user chose; null for none. */
    readonly chooseFolder: () => Promise<string | null>
    /** Shows a file in the system's file manager. */
    readonly reveal: (path: string) => void
  }
}
