import type { Heatmap, TensorRow } from '../../contract/evidence.ts'
import { comparePlaces, type Place } from './roles.ts'

/** A larger table is no network but a made-up file, and would be mostly empty: its tensors are listed instead. */
const MOST_CELLS = 2 ** 20

/**
 * Sets the tensors of a pair in a table of roles × layers. `places[i]` is that of `tensors[i]`. What has no cell of its
 * own stands outside: nothing is left out.
 */
export function heatmapOf(tensors: readonly TensorRow[], places: readonly Place[]): Heatmap {
  const inside = tensors.flatMap(({ layer }, position) => (layer === null ? [] : [{ position, layer }]))
  const layers = [...new Set(inside.map(({ layer }) => layer))].sort((a, b) => a - b)
  const byRole = Map.groupBy(inside, ({ position }) => tensors[position]!.role)
  if (layers.length * byRole.size > MOST_CELLS) return { layers: [], roles: [], outside: [...tensors.keys()] }
  const rows = [...byRole].map(([role, members]) => {
    // Of two tensors with one place ("layers.1.x" and "layers.01.x") the first has it.
    const byLayer = new Map(members.toReversed().map(({ layer, position }) => [layer, position]))
    const place = places[members[0]!.position]!
    return { place, row: { role, group: place.group, cells: layers.map((layer) => byLayer.get(layer) ?? null) } }
  })
  const roles = rows.sort((a, b) => comparePlaces(a.place, b.place)).map(({ row }) => row)
  const placed = new Set(roles.flatMap(({ cells }) => cells))
  return { layers, roles, outside: [...tensors.keys()].filter((position) => !placed.has(position)) }
}
