import { layerOf } from '../align/names.ts'

/** A tensor as far as its place in the network can be told from it. */
export interface NamedShape {
  readonly name: string
  readonly shape: readonly number[]
}

/** What a tensor does and where. */
export interface Place {
  /** Short and unique within a layer: `q_proj`, `attention.output.dense`, `q_proj.bias`. */
  readonly role: string
  /** Null outside the numbered layers. */
  readonly layer: number | null
  /** Tensors that belong together. */
  readonly group: string
}

/** The parts of a layer in the order in which data passes them; the first that fits wins. */
const GROUPS: readonly (readonly [group: string, pattern: RegExp])[] = [
  ['biases', /(^|\.)bias(#\d+)?$/],
  ['norms', /norm|(^|[._])(ln|bn)[._\d]?/i],
  ['attention', /att(n|ention)?|query|key|value|(^|[._])(q|k|v|o|qkv|out)_?(proj|lin)?($|[._])/i],
  [
    'feed-forward',
    /mlp|ffn|feed_?forward|(^|[._])(fc|w|lin|wi|wo)_?\d|gate|up_proj|down_proj|intermediate|dense|experts?/i,
  ],
]
const OTHER = 'other'
const GROUP_ORDER = ['attention', 'feed-forward', OTHER, 'norms', 'biases']

/** Within a group: what comes first in a layer. */
const ROLE_ORDER = [
  /qkv|query_key_value|c_attn|in_proj/i,
  /query|(^|[._])q($|[._])|q_/i,
  /key|(^|[._])k($|[._])|k_/i,
  /value|(^|[._])v($|[._])|v_/i,
  /att.*(out|o_proj|c_proj|dense)|o_proj|out_proj/i,
  /gate|w1/i,
  /up|fc1|c_fc|intermediate|w3|wi/i,
  /down|fc2|c_proj|output|w2|wo/i,
]

/** Says nothing without what it is the bias of. */
const BARE_BIAS = /^bias(#\d+)?$/

/** A longer run of different shapes is no layer that repeats. */
const LONGEST_LAYER = 64

const NATURAL = new Intl.Collator('en', { numeric: true })

/**
 * The place of each tensor: from its name where names number layers, else from shapes that repeat in the order of the
 * names. Names say only where a tensor is shown; they are no evidence.
 */
export function placesOf(tensors: readonly NamedShape[]): Place[] {
  const stacks = numberedStacks(tensors)
  if (stacks.size === 0) return placesByShape(tensors)
  const roles = new Map([...stacks].map(([stack, paths]) => [stack, shortRoles(paths)]))
  const labels = stackLabels([...stacks.keys()])
  return tensors.map(({ name }) => {
    const path = layerOf(name)
    const role = path ? roles.get(path.stack)?.get(withoutWeight(path.role)) : undefined
    if (!path || role === undefined || !Number.isSafeInteger(path.layer)) {
      return { role: withoutWeight(name), layer: null, group: groupOf(name) }
    }
    const label = labels.get(path.stack)!
    return { role: label ? `${label}.${role}` : role, layer: path.layer, group: groupOf(withoutWeight(path.role)) }
  })
}

/** In the order of the network: by group, then as data passes, then by name. */
export function comparePlaces(a: Place, b: Place): number {
  return (
    GROUP_ORDER.indexOf(a.group) - GROUP_ORDER.indexOf(b.group) ||
    roleRank(a.role) - roleRank(b.role) ||
    NATURAL.compare(a.role, b.role)
  )
}

/** Stacks in which at least one role stands, in one shape, in two layers or more; with all their roles. */
function numberedStacks(tensors: readonly NamedShape[]): Map<string, Set<string>> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  const roles = new Map<string, Set<string>>()
  for (const { name, shape } of tensors) {
    const path = layerOf(name)
    if (!path || path.role === '') continue
    const key = JSON.stringify([path.stack, path.role, shape])
    if (seen.has(key)) repeated.add(path.stack)
    seen.add(key)
    roles.set(path.stack, (roles.get(path.stack) ?? new Set()).add(withoutWeight(path.role)))
  }
  return new Map([...roles].filter(([stack]) => repeated.has(stack)))
}

function withoutWeight(name: string): string {
  return name.replace(/\.weight(?=(#\d+)?$)/, '')
}

/** The last parts of each path, as many as it takes to tell it from all others. */
function shortRoles(paths: ReadonlySet<string>): Map<string, string> {
  const endings = new Map<string, number>()
  for (const path of paths) for (const ending of endingsOf(path)) endings.set(ending, (endings.get(ending) ?? 0) + 1)
  return new Map(
    [...paths].map((path) => [
      path,
      endingsOf(path).find((ending) => endings.get(ending) === 1 && !BARE_BIAS.test(ending)) ?? path,
    ]),
  )
}

/** "a.b.c" → c, b.c, a.b.c. */
function endingsOf(path: string): string[] {
  const parts = path.split('.')
  return parts.map((_, i) => parts.slice(parts.length - 1 - i).join('.'))
}

/** What tells several stacks apart ("encoder", "decoder"); nothing for a single one. */
function stackLabels(stacks: readonly string[]): Map<string, string> {
  if (stacks.length === 1) return new Map([[stacks[0]!, '']])
  const parts = stacks.map((stack) => stack.split('.'))
  const common = (part: string): boolean => parts.every((other) => other.includes(part))
  return new Map(stacks.map((stack, i) => [stack, parts[i]!.filter((part) => !common(part)).join('.') || stack]))
}

function groupOf(role: string): string {
  return GROUPS.find(([, pattern]) => pattern.test(role))?.[0] ?? OTHER
}

function roleRank(role: string): number {
  const rank = ROLE_ORDER.findIndex((pattern) => pattern.test(role))
  return rank < 0 ? ROLE_ORDER.length : rank
}

/**
 * Layers are the run of equal shape sequences that covers most tensors; of several the one with the shortest period.
 * Roles are then only numbers: "matrix 1".
 */
function placesByShape(tensors: readonly NamedShape[]): Place[] {
  const order = tensors.map((_, i) => i).sort((i, j) => NATURAL.compare(tensors[i]!.name, tensors[j]!.name))
  const shapes = order.map((i) => tensors[i]!.shape.join('x'))
  const { start, period, layers } = longestRepetition(shapes)
  const places: Place[] = tensors.map(({ name }) => ({ role: withoutWeight(name), layer: null, group: OTHER }))
  for (let at = 0; at < period * layers; at++) {
    const index = order[start + at]!
    const kind = tensors[index]!.shape.filter((size) => size > 1).length > 1 ? 'matrix' : 'vector'
    places[index] = { role: `${kind} ${(at % period) + 1}`, layer: Math.floor(at / period), group: OTHER }
  }
  return places
}

function longestRepetition(keys: readonly string[]): { start: number; period: number; layers: number } {
  let best = { start: 0, period: 0, layers: 0 }
  for (let period = 1; period <= Math.min(LONGEST_LAYER, keys.length / 2); period++) {
    let run = 0
    for (let i = 0; i + period < keys.length; i++) {
      run = keys[i] === keys[i + period] ? run + 1 : 0
      const layers = Math.floor(run / period) + 1
      if (layers > 1 && layers * period > best.period * best.layers) best = { start: i + 1 - run, period, layers }
    }
  }
  return best
}
