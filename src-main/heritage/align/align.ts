import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { matchByContent } from './align-content.ts'
import { matchLayers } from './align-layers.ts'
import { layerOf, mainStack, tensorKey, unwrappedNames } from './names.ts'
import { elementCount, isMatrix, shapeKey } from '../tensors.ts'
import type { HeritageModel } from '../types.ts'

/** Models whose tensors have been brought into one order: `tensors[slot][member]` play the same part in each. */
export interface Architecture {
  /** Positions of the models in the list that was given, ascending. */
  readonly members: readonly number[]
  /** Names of the slots, after the layout that most models share. */
  readonly slots: readonly string[]
  readonly tensors: readonly (readonly (TensorFingerprint | undefined)[])[]
}

/** Models with equal tensor names and shapes. */
interface Layout {
  readonly members: number[]
  readonly tensors: ReadonlyMap<string, TensorFingerprint>
}

interface Draft {
  readonly slots: Map<string, number>
  readonly shapes: string[]
  matrixElements: number
  readonly byModel: Map<number, Map<number, string>>
}

/**
 * Half of the smaller model's matrix elements must match for two layouts to be one architecture. Measured on published
 * models: within one tree at least .96 of them match by name and shape, across architectures at most .13.
 */
const SHARED_ELEMENTS = 0.5

/**
 * Groups models by architecture and finds which tensors correspond: by name (wrapping prefixes aside) and shape, and
 * for layouts where that fails by shape and content.
 */
export function alignModels(models: readonly HeritageModel[]): Architecture[] {
  const drafts: Draft[] = []
  for (const layout of layoutsOf(models)) {
    const draft =
      drafts.find((candidate) => adopt(candidate, layout, matchByName(candidate, layout))) ??
      drafts.find((candidate) => adopt(candidate, layout, contentMatch(models, candidate, layout))) ??
      emptyDraft(drafts)
    if (!draft.byModel.has(layout.members[0]!)) place(draft, layout, new Map())
    renumberLayers(models, draft, layout)
  }
  return drafts.map((draft) => finish(models, draft))
}

function layoutsOf(models: readonly HeritageModel[]): Layout[] {
  const layouts = new Map<string, Layout>()
  models.forEach((model, index) => {
    const tensors = new Map(model.tensors.map((tensor) => [tensorKey(tensor), tensor]))
    const signature = [...tensors]
      .map(([key, tensor]) => `${key}\t${shapeKey(tensor)}`)
      .sort()
      .join('\n')
    const known = layouts.get(signature)
    if (known) known.members.push(index)
    else layouts.set(signature, { members: [index], tensors })
  })
  // The layout with most layers comes first, so that the others fit into it; then the most common, for its names.
  return [...layouts]
    .map(([signature, layout]) => ({ signature, layout, layers: layerCount([...layout.tensors.keys()]) }))
    .sort(
      (a, b) =>
        b.layers - a.layers ||
        b.layout.members.length - a.layout.members.length ||
        (a.signature < b.signature ? -1 : 1),
    )
    .map(({ layout }) => layout)
}

/** Number of layers in the stack with most tensors. */
function layerCount(names: readonly string[], stack = mainStack(names)): number {
  return new Set(names.flatMap((name) => (layerOf(name)?.stack === stack ? [layerOf(name)!.layer] : []))).size
}

/** Puts the layers of models with fewer of them where their contents belong. */
function renumberLayers(models: readonly HeritageModel[], draft: Draft, layout: Layout): void {
  const names = [...draft.slots.keys()]
  const stack = mainStack(names)
  if (stack === null) return
  const byName = ([model, keys]: [number, ReadonlyMap<number, string>]): Map<string, TensorFingerprint> =>
    new Map([...slotTensors(models[model]!, keys)].map(([slot, tensor]) => [names[slot]!, tensor]))
  const own = layout.members.map((member): [number, Map<number, string>] => [member, draft.byModel.get(member)!])
  const count = layerCount([...byName(own[0]!).keys()], stack)
  if (count === layerCount(names, stack)) return
  const relatives = [...draft.byModel].map(byName).filter((tensors) => layerCount([...tensors.keys()], stack) > count)
  for (const [member, keys] of own) {
    const layers = matchLayers(byName([member, keys]), relatives, stack)
    if (!layers) continue
    const moved = [...keys].map(([slot, key]): [number, string] => {
      const place = layerOf(names[slot]!)
      const layer = place?.stack === stack ? layers.get(place.layer) : undefined
      if (!place || layer === undefined) return [slot, key]
      const name = [stack, layer, place.role].filter((part) => part !== '').join('.')
      return [draft.slots.get(name) ?? slot, key]
    })
    draft.byModel.set(member, new Map(moved))
  }
}

function emptyDraft(drafts: Draft[]): Draft {
  const draft: Draft = { slots: new Map(), shapes: [], matrixElements: 0, byModel: new Map() }
  drafts.push(draft)
  return draft
}

/** Which slot each tensor of the layout belongs to, by name with up to two wrapping parts more or less. */
function matchByName(draft: Draft, layout: Layout): Map<string, number> {
  const bySuffix = new Map<string, number | null>()
  for (const [slotName, slot] of draft.slots) {
    // The full name wins over any suffix; a suffix that two slots share says nothing.
    unwrappedNames(slotName).forEach((name, dropped) => {
      if (dropped === 0) bySuffix.set(name, slot)
      else if (!draft.slots.has(name)) bySuffix.set(name, bySuffix.has(name) ? null : slot)
    })
  }
  const match = new Map<string, number>()
  const taken = new Set<number>()
  for (const key of layout.tensors.keys()) {
    const slot = unwrappedNames(key)
      .map((name) => bySuffix.get(name))
      .find((found) => found != null && !taken.has(found))
    if (slot == null) continue
    match.set(key, slot)
    taken.add(slot)
  }
  return match
}

function contentMatch(models: readonly HeritageModel[], draft: Draft, layout: Layout): Map<string, number> {
  if (!haveShapesInCommon(draft, layout)) return new Map()
  const candidates = draft.byModel.entries().map(([model, keys]) => slotTensors(models[model]!, keys))
  return matchByContent(layout.tensors, candidates)
}

/** Whether enough of the matrix elements could match, were all contents alike. */
function haveShapesInCommon(draft: Draft, layout: Layout): boolean {
  const open = new Map<string, number>()
  for (const shape of draft.shapes) open.set(shape, (open.get(shape) ?? 0) + 1)
  let shared = 0
  let total = 0
  for (const tensor of layout.tensors.values()) {
    if (!isMatrix(tensor)) continue
    total += elementCount(tensor)
    const left = open.get(shapeKey(tensor)) ?? 0
    if (left === 0) continue
    open.set(shapeKey(tensor), left - 1)
    shared += elementCount(tensor)
  }
  return isEnough(shared, total, draft)
}

function isEnough(shared: number, total: number, { matrixElements }: Draft): boolean {
  return shared > 0 && shared >= SHARED_ELEMENTS * Math.min(total, matrixElements)
}

/** Takes the layout into the draft if enough of its matrix elements match in shape as well. */
function adopt(draft: Draft, layout: Layout, match: ReadonlyMap<string, number>): boolean {
  let shared = 0
  let total = 0
  for (const [key, tensor] of layout.tensors) {
    if (!isMatrix(tensor)) continue
    total += elementCount(tensor)
    const slot = match.get(key)
    if (slot !== undefined && draft.shapes[slot] === shapeKey(tensor)) shared += elementCount(tensor)
  }
  if (!isEnough(shared, total, draft)) return false
  place(draft, layout, match)
  return true
}

function place(draft: Draft, layout: Layout, match: ReadonlyMap<string, number>): void {
  const keys = new Map<number, string>()
  for (const [key, tensor] of layout.tensors) {
    let slot = match.get(key)
    if (slot === undefined) {
      slot = draft.shapes.length
      draft.slots.set(draft.slots.has(key) ? `${key} (${slot})` : key, slot)
      draft.shapes.push(shapeKey(tensor))
      if (draft.byModel.size === 0 && isMatrix(tensor)) draft.matrixElements += elementCount(tensor)
    }
    keys.set(slot, key)
  }
  for (const member of layout.members) draft.byModel.set(member, keys)
}

function slotTensors(model: HeritageModel, keys: ReadonlyMap<number, string>): Map<number, TensorFingerprint> {
  const byKey = new Map(model.tensors.map((tensor) => [tensorKey(tensor), tensor]))
  return new Map([...keys].map(([slot, key]) => [slot, byKey.get(key)!]))
}

function finish(models: readonly HeritageModel[], draft: Draft): Architecture {
  const members = [...draft.byModel.keys()].sort((a, b) => a - b)
  const columns = members.map((member) => slotTensors(models[member]!, draft.byModel.get(member)!))
  const slots = [...draft.slots].sort(([, a], [, b]) => a - b)
  return {
    members,
    slots: slots.map(([name]) => name),
    tensors: slots.map(([, slot]) => columns.map((column) => column.get(slot))),
  }
}
