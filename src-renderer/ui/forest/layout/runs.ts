import type { Branch } from '../../../../src-main/export/forest.ts'

/** Fewer are drawn one by one. */
const SHORTEST_RUN = 3

const TRAINED: ReadonlySet<string> = new Set(['continued', 'fine-tune', 'adapter', 'lora'])

/**
 * The checkpoints of one training, oldest first, where `branch` is the first of them; else `branch` alone. The weights
 * say that each comes from the one before and has no other child; the counter in their names says only that people
 * would call them one thing.
 */
export function runFrom(branch: Branch): readonly Branch[] {
  const run = [branch]
  for (let last = branch; last.children.length === 1;) {
    const next = last.children[0]!
    if (!follows(last, next)) break
    run.push(next)
    last = next
  }
  return run.length >= SHORTEST_RUN ? run : [branch]
}

function follows(before: Branch, after: Branch): boolean {
  if (!after.link?.directed || !TRAINED.has(after.link.type) || after.others.length > 0) return false
  const [a, b] = [counted(before.model.path), counted(after.model.path)]
  return a !== null && b !== null && a.around === b.around && a.number < b.number
}

/** A name with its last number apart; null without one. */
export function counted(
  name: string,
): { readonly around: string; readonly number: number; readonly head: string } | null {
  const match = /^(.*?)(\d+)(\D*)$/s.exec(name)
  if (!match) return null
  const [, head = '', digits = '', tail = ''] = match
  return { around: `${head}\0${tail}`, number: Number(digits), head }
}
