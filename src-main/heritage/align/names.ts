import type { TensorRange } from '../../fingerprint/types.ts'

/** A tensor's name within its model; row blocks of a fused matrix are told apart by `#block`. */
export function tensorKey(tensor: Pick<TensorRange, 'name' | 'block'>): string {
  return tensor.block < 0 ? tensor.name : `${tensor.name}#${tensor.block}`
}

/**
 * The name without its first 0, 1 and 2 dotted parts: wrappers ("module.", "model.", "base_model.model.") are put
 * around a network, not into it.
 */
export function unwrappedNames(key: string): string[] {
  const names = [key]
  let rest = key
  for (let dropped = 0; dropped < 2; dropped++) {
    const dot = rest.indexOf('.')
    if (dot < 0 || dot === rest.length - 1) break
    rest = rest.slice(dot + 1)
    names.push(rest)
  }
  return names
}

/** Where a name counts layers: "encoder.layer.3.output.weight" is layer 3 of the stack "encoder.layer". */
export function layerOf(key: string): { stack: string; layer: number; role: string } | null {
  const match = /^(.*?)(?:^|\.)(\d+)\.(.*)$/.exec(key)
  if (!match) return null
  return { stack: match[1] ?? '', layer: Number(match[2]), role: match[3] ?? '' }
}

/** The numbered stack with most tensors ("encoder.layer"), or null. */
export function mainStack(names: readonly string[]): string | null {
  const tensors = new Map<string, number>()
  for (const name of names) {
    const stack = layerOf(name)?.stack
    if (stack !== undefined) tensors.set(stack, (tensors.get(stack) ?? 0) + 1)
  }
  return [...tensors].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
}
