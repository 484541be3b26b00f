import type { ModelClaims } from '../../../../src-main/contract/folders.ts'
import type { GraphModel, Relation, RelationType } from '../../../../src-main/contract/graph.ts'
import { size } from '../../../../src-main/contract/words.ts'
import { SUPPORT_STYLES, supportStyle } from '../../../../src-main/export/svg/tokens.ts'
import type { Colour } from '../../stores/view.ts'
import type { ForestEdge, ForestNode, Sheet } from '../layout/positions.ts'
import { words } from '../words.ts'
import type { Token } from './palette.ts'

/** What each node and line is coloured with, and what the colours mean. */
export interface Colouring {
  readonly node: (node: ForestNode) => Token
  readonly edge: (edge: ForestEdge) => Token
  /** The sign after a label, so that colour is not the only one. */
  readonly sign: (node: ForestNode) => 'agrees' | 'contradicts' | null
  /** Empty where the colours explain themselves: families are named. */
  readonly key: readonly { readonly token: Token; readonly words: string }[]
}

const FAMILIES = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'] as const satisfies readonly Token[]
/** Enough for 3:1 on the canvas of both themes. */
const SCALE = ['q4', 'q5', 'q6', 'q7', 'q8'] as const satisfies readonly Token[]
const QUIET: Token = 'ctl'

const TYPE_GROUPS: readonly { readonly types: readonly RelationType[]; readonly words: string }[] = [
  { types: ['fine-tune', 'continued'], words: words.groups.trained },
  { types: ['lora', 'adapter'], words: words.groups.lowRank },
  { types: ['cast', 'quantized', 'pruned'], words: words.groups.compressed },
  { types: ['copy', 'renamed'], words: words.groups.same },
  { types: ['resized', 'layers-dropped'], words: words.groups.reshaped },
  { types: ['merge'], words: words.groups.merged },
]

/** @param claims by model id */
export function colouringOf(
  colour: Colour,
  sheet: Sheet,
  relations: readonly Relation[],
  claims: Readonly<Record<string, ModelClaims>>,
): Colouring {
  const incoming = new Map(relations.map((relation) => [relation.child, relation]))
  const byModel = (token: (model: GraphModel) => Token): Pick<Colouring, 'node' | 'edge'> => ({
    node: ({ model }) => token(model),
    edge: ({ to }) => token(sheet.byId.get(to)!.model),
  })
  const byRelation = (token: (relation: Relation) => Token): Pick<Colouring, 'node' | 'edge'> => ({
    node: ({ model }) => {
      const relation = incoming.get(model.id)
      return relation ? token(relation) : QUIET
    },
    edge: ({ relation }) => token(relation),
  })
  const models = sheet.nodes.map(({ model }) => model)
  const plain = { sign: () => null, key: [] }
  switch (colour) {
    case 'family':
      return { ...plain, node: familyToken, edge: ({ to }) => familyToken(sheet.byId.get(to)!) }
    case 'type': {
      const used = new Set(relations.map(({ type }) => type))
      const key = TYPE_GROUPS.flatMap(({ types, words }, place) =>
        types.some((type) => used.has(type)) ? { token: FAMILIES[place]!, words } : [],
      )
      return {
        ...plain,
        ...byRelation(({ type }) => typeToken(type)),
        key: [...key, { token: QUIET, words: words.root }],
      }
    }
    case 'support': {
      const token = (support: number): Token => SCALE[SCALE.length - 1 - SUPPORT_STYLES.indexOf(supportStyle(support))]!
      const key = SUPPORT_STYLES.map(({ least, words }) => ({ token: token(least), words }))
      return { ...plain, ...byRelation(({ support }) => token(support)), key }
    }
    case 'dtype': {
      const dtypes = [...new Set(models.flatMap(({ kind, dtype }) => (kind === 'ghost' ? [] : dtype)))].sort()
      const token = ({ kind, dtype }: GraphModel): Token =>
        kind === 'ghost' ? QUIET : FAMILIES[dtypes.indexOf(dtype) % FAMILIES.length]!
      return {
        ...plain,
        ...byModel(token),
        key: dtypes.map((dtype, place) => ({ token: FAMILIES[place % FAMILIES.length]!, words: dtype })),
      }
    }
    case 'size':
      return { ...plain, ...bySize(models, byModel) }
    case 'agreement': {
      const verdict = (model: GraphModel) => claims[model.id]?.verdict ?? 'silent'
      const tokens = { agrees: 'agree', contradicts: 'contradict', silent: QUIET } as const
      return {
        ...byModel((model) => tokens[verdict(model)]),
        sign: ({ model }) => {
          const said = verdict(model)
          return said === 'silent' ? null : said
        },
        key: (['agrees', 'contradicts', 'silent'] as const).map((said) => ({
          token: tokens[said],
          words: words.verdicts[said],
        })),
      }
    }
  }
}

function familyToken({ family }: ForestNode): Token {
  return family === null ? QUIET : FAMILIES[family % FAMILIES.length]!
}

function typeToken(type: RelationType): Token {
  const place = TYPE_GROUPS.findIndex(({ types }) => types.includes(type))
  return FAMILIES[place] ?? QUIET
}

/** Five even steps of the logarithm, from the smallest file to the largest. */
function bySize(
  models: readonly GraphModel[],
  byModel: (token: (model: GraphModel) => Token) => Pick<Colouring, 'node' | 'edge'>,
): Pick<Colouring, 'node' | 'edge' | 'key'> {
  const sizes = models.filter(({ kind }) => kind !== 'ghost').map(({ bytes }) => Math.log(Math.max(1, bytes)))
  const low = sizes.reduce((least, value) => Math.min(least, value), Infinity)
  const high = sizes.reduce((most, value) => Math.max(most, value), -Infinity)
  const step = (high - low) / SCALE.length || 1
  const place = (bytes: number): number =>
    Math.min(SCALE.length - 1, Math.floor((Math.log(Math.max(1, bytes)) - low) / step + 1e-9))
  const used = [...new Set(models.flatMap(({ kind, bytes }) => (kind === 'ghost' ? [] : place(bytes))))].sort()
  const key = used.map((index) => ({
    token: SCALE[index]!,
    words: words.from(size(Math.exp(low + index * step), '\u00a0')),
  }))
  return { ...byModel(({ kind, bytes }) => (kind === 'ghost' ? QUIET : SCALE[place(bytes)]!)), key }
}
