/** What a host has to say about itself. */
export interface EngineHostOptions {
  readonly version: string
  /** Absolute path of the library; by default the user's own. */
  readonly library?: string
  /** Location of the model that the engine was reading when it died: its scan goes on without it. */
  readonly diedOn?: string | null
  /** Told which model is read next, by its location; null between two. */
  readonly onReading?: (location: string | null) => void
  /** What the desktop lends; without it folders are chosen in the page. */
  readonly desktop?: {
    /** The absolute path that the user chose; null for none. */
    readonly chooseFolder: () => Promise<string | null>
    /** Shows a file in the system's file manager. */
    readonly reveal: (path: string) => void
  }
}
