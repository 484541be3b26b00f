import * as v from 'valibot'
import type { IdentifiedModel, PairEvidence, TensorEvidence } from './evidence.ts'
import type { Folder, FolderListing, FolderView, HostDescription } from './folders.ts'
import { SettingsChange, ViewChange, type Settings, type ViewState } from './settings.ts'

/** Longer than any path that an operating system takes. */
const LONGEST_NAME = 4096
const MOST_MODELS = 100_000

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_NAME))

const Nothing = v.strictObject({})
const InFolder = v.strictObject({ folder: Id })
const Pair = { folder: Id, a: Name, b: Name }

/**
 * What can be asked, and what each request must be given. Folders are named by the ids of `folders.list`, models and
 * tensors by their names in the graph. Everything that crosses is JSON: finite numbers, null where there is none.
 */
export const PARAMETERS = {
  'host.describe': Nothing,
  'folders.list': Nothing,
  /** A dialog of the system; null when it was closed. Desktop only. */
  'folders.choose': Nothing,
  /** The folders in one that was listed before, or in the user's own for null. Browser only, as is `folders.grant`. */
  'folders.browse': v.strictObject({ folder: v.nullable(Id) }),
  /** Makes a listed folder one of the user's. */
  'folders.grant': InFolder,
  'folders.openSample': Nothing,
  /** What was measured stays in the library. */
  'folders.forget': InFolder,
  /** Shows a model in the system's file manager. Desktop only. */
  'folders.reveal': v.strictObject({ folder: Id, path: Name }),
  /** These do nothing where there is nothing to do: starting what runs, pausing what has ended. */
  'scan.start': InFolder,
  /**
   * Reads the model with this problem again, as the graph names its path, and no other; what the library has kept of the
   * problem is forgotten first. Does nothing while a scan runs.
   */
  'scan.retry': v.strictObject({ folder: Id, path: Name }),
  'scan.pause': InFolder,
  'scan.resume': InFolder,
  /** What is finished stays; a later scan goes on from there. */
  'scan.cancel': InFolder,
  'graph.get': InFolder,
  'evidence.relation': v.strictObject({ folder: Id, parent: Name, child: Name }),
  'evidence.tensor': v.strictObject({ ...Pair, tensor: Name }),
  'models.compare': v.strictObject(Pair),
  /** "What is this?": the nearest models of the whole library. */
  'models.identify': v.strictObject({ folder: Id, model: Name }),
  /** Without `models` the whole graph. The formats are those of the command line. */
  'export.graph': v.strictObject({
    folder: Id,
    format: v.picklist(['graphml', 'newick', 'json', 'csv', 'svg', 'dot', 'text']),
    models: v.optional(v.pipe(v.array(Name), v.maxLength(MOST_MODELS))),
  }),
  'settings.get': Nothing,
  'settings.set': v.strictObject({ settings: SettingsChange }),
  'view.get': InFolder,
  'view.set': v.strictObject({ folder: Id, view: ViewChange }),
} as const satisfies Record<string, v.GenericSchema>

export type RequestKind = keyof typeof PARAMETERS

/** Requests that only ask: sent twice, they do what they do once. */
export const QUESTIONS: ReadonlySet<RequestKind> = new Set<RequestKind>([
  'host.describe',
  'folders.list',
  'folders.browse',
  'graph.get',
  'evidence.relation',
  'evidence.tensor',
  'models.compare',
  'models.identify',
  'export.graph',
  'settings.get',
  'view.get',
])

interface Results {
  'host.describe': HostDescription
  'folders.list': readonly Folder[]
  'folders.choose': Folder | null
  'folders.browse': FolderListing
  'folders.grant': Folder
  'folders.openSample': Folder
  'folders.forget': null
  'folders.reveal': null
  'scan.start': null
  'scan.retry': null
  'scan.pause': null
  'scan.resume': null
  'scan.cancel': null
  'graph.get': FolderView
  'evidence.relation': PairEvidence
  'evidence.tensor': TensorEvidence
  'models.compare': PairEvidence
  'models.identify': readonly IdentifiedModel[]
  'export.graph': ExportedFile
  'settings.get': Settings
  /** All of them, after the change. */
  'settings.set': Settings
  'view.get': ViewState
  'view.set': ViewState
}

/** A text, ready to be saved under this name. */
export interface ExportedFile {
  readonly fileName: string
  readonly mime: string
  readonly text: string
}

/** Parameters and result of each request. */
export type Requests = {
  [Kind in RequestKind]: {
    parameters: v.InferOutput<(typeof PARAMETERS)[Kind]>
    result: Results[Kind]
  }
}

export function isRequestKind(kind: string): kind is RequestKind {
  return Object.hasOwn(PARAMETERS, kind)
}
