/** The fields of numbers that are typed arrays. */
interface EncodedNumbers {
  moments?: Record<string, unknown> | null
  sketch?: unknown
  sample?: unknown
  grid?: { steps?: unknown } | null
}

/**
 * A message of a compute page, from its JSON: typed arrays come in base64, NaN and -0 as texts. Null for what is none; the
 * rest is checked by whoever takes it.
 */
export function decodeComputeMessage(text: string): unknown {
  const message = parse(text)
  if (message?.type === 'read') return null
  if (message?.type !== 'numbers' || !isObject(message.numbers)) return message
  const { moments, sketch, sample, grid, ...rest } = message.numbers as EncodedNumbers
  const numbers = {
    ...rest,
    moments: isObject(moments) ? mapValues(moments, specialNumber) : moments,
    sketch: floats(sketch),
    sample: bytes(sample),
    grid: isObject(grid) ? { ...grid, steps: floats(grid.steps) } : grid,
  }
  return { ...message, numbers }
}

function specialNumber(value: unknown): unknown {
  return value === 'NaN' ? NaN : value === '-0' ? -0 : value
}

/** What is no text is left as it is. */
function bytes(value: unknown): unknown {
  return typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value
}

function floats(value: unknown): unknown {
  const found = bytes(value)
  if (!(found instanceof Uint8Array)) return found
  return found.byteLength % 4 === 0 ? new Float32Array(found.buffer) : null
}

function mapValues(record: Record<string, unknown>, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}
