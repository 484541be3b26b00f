import * as v from 'valibot'

const Theme = v.picklist(['system', 'light', 'dark'])
const Threads = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256)))
const Engine = v.picklist(['auto', 'gpu', 'cpu'])
const FolderId = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const ModelId = v.pipe(v.string(), v.maxLength(4096))
const Finite = v.pipe(v.number(), v.finite())

const MOST_COLLAPSED = 10_000

/** What measures the weights: a graphics card where it is the faster of the two, always, or never. */
export type EnginePreference = v.InferOutput<typeof Engine>

/** What the user chose for good. A field that is missing, or not what it should be, has its default. */
export const Settings = v.object({
  theme: v.optional(v.fallback(Theme, 'system'), 'system'),
  /** Threads that read and measure; null takes one for each core. */
  threads: v.optional(v.fallback(Threads, null), null),
  engine: v.optional(v.fallback(Engine, 'auto'), 'auto'),
  /** The folder that was open last. */
  openFolder: v.optional(v.fallback(v.nullable(FolderId), null), null),
})
export type Settings = v.InferOutput<typeof Settings>

/** Some of them, to be changed; here a wrong value is an error. */
export const SettingsChange = v.strictObject({
  theme: v.exactOptional(Theme),
  threads: v.exactOptional(Threads),
  engine: v.exactOptional(Engine),
  openFolder: v.exactOptional(v.nullable(FolderId)),
})

const Layout = v.picklist(['change', 'steps', 'top-down', 'radial'])
const Colour = v.picklist(['family', 'type', 'support', 'dtype', 'size', 'agreement'])
const Viewport = v.nullable(v.strictObject({ x: Finite, y: Finite, zoom: v.pipe(Finite, v.gtValue(0)) }))
const Filter = v.pipe(v.string(), v.maxLength(1000))
const Collapsed = v.pipe(v.array(ModelId), v.maxLength(MOST_COLLAPSED))

/** How one folder is looked at. Defaults as for Settings. */
export const ViewState = v.object({
  layout: v.optional(v.fallback(Layout, 'change'), 'change'),
  colour: v.optional(v.fallback(Colour, 'family'), 'family'),
  /** Models whose descendants are hidden. */
  collapsed: v.optional(v.fallback(Collapsed, []), []),
  /** The model whose subtree alone is shown. */
  focus: v.optional(v.fallback(v.nullable(ModelId), null), null),
  /** What was typed in the search field. */
  filter: v.optional(v.fallback(Filter, ''), ''),
  /** Null shows everything. */
  viewport: v.optional(v.fallback(Viewport, null), null),
})
export type ViewState = v.InferOutput<typeof ViewState>

export const ViewChange = v.strictObject({
  layout: v.exactOptional(Layout),
  colour: v.exactOptional(Colour),
  collapsed: v.exactOptional(Collapsed),
  focus: v.exactOptional(v.nullable(ModelId)),
  filter: v.exactOptional(Filter),
  viewport: v.exactOptional(Viewport),
})
