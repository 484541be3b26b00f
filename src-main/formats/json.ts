import { JSON_DEPTH } from './limits.ts'

/** 'syntax': not JSON · 'depth': nested too deeply · 'type': JSON, but another type of value · 'range': an integer beyond 2^53 - 1. */
export type JsonFault = 'syntax' | 'depth' | 'type' | 'range'

export class JsonError extends Error {
  readonly fault: JsonFault
  /** Index into the text, in UTF-16 code units. */
  readonly position: number

  constructor(fault: JsonFault, message: string, position: number) {
    super(message)
    this.name = 'JsonError'
    this.fault = fault
    this.position = position
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/**
 * Reads one JSON text (RFC 8259) from start to end, value by value, as its caller expects them. Unlike JSON.parse it
 * builds no tree, so that repeated keys are seen, `__proto__` is a key like any other, integers are exact or refused,
 * and memory is the caller's choice. Lone surrogates and numbers beyond float64 are refused. Every method throws JsonError.
 */
export class JsonReader {
  private readonly text: string
  private depth = 0
  /** Where the next character is read, in UTF-16 code units. */
  position = 0

  constructor(text: string) {
    this.text = text
  }

  /** The first character of the next value ('{', '[', '"', …), '' at the end of the text. */
  peek(): string {
    this.skipSpace()
    return this.text.charAt(this.position)
  }

  /** Calls `member` at each value with its key and where the key stands; it must read exactly that value. */
  object(member: (key: string, keyPosition: number) => void): void {
    this.list('{', '}', 'an object', () => {
      if (this.peek() !== '"') this.fail('syntax', 'expected a key in quotes')
      const keyPosition = this.position
      const key = this.string()
      if (this.peek() !== ':') this.fail('syntax', 'expected ":" after a key')
      this.position += 1
      member(key, keyPosition)
    })
  }

  /** Calls `item` at each value; it must read exactly that value. */
  array(item: () => void): void {
    this.list('[', ']', 'an array', item)
  }

  string(): string {
    this.open('"', 'a string')
    let value = ''
    let start = this.position
    for (;;) {
      const code = this.text.charCodeAt(this.position)
      if (code === 0x22 /* " */) {
        value += this.text.slice(start, this.position)
        this.position += 1
        return value
      }
      if (code === 0x5c /* \ */) {
        value += this.text.slice(start, this.position) + this.escape()
        start = this.position
      } else if (code >= 0x20) {
        this.position += 1
      } else {
        this.fail('syntax', Number.isNaN(code) ? 'a string does not end' : 'control character in a string')
      }
    }
  }

  /** An integer from 0 to 2^53 - 1, written in digits only: 1.0, 1e0 and -0 are of another type. */
  unsigned(): number {
    const start = this.startOf('a whole number', (first) => first === '-' || isDigit(first))
    const token = this.number()
    if (!/^\d+$/.test(token)) throw new JsonError('type', `expected a whole number, found ${brief(token)}`, start)
    const value = Number(token)
    if (!Number.isSafeInteger(value)) throw new JsonError('range', `${brief(token)} is beyond 2^53 - 1`, start)
    return value
  }

  /** Reads any one value and forgets it. */
  skip(): void {
    const first = this.peek()
    if (first === '{') this.object(() => this.skip())
    else if (first === '[') this.array(() => this.skip())
    else if (first === '"') this.string()
    else if (first === '-' || isDigit(first)) this.number()
    else this.literal()
  }

  /** Reads `null` if it comes next. */
  null(): boolean {
    if (this.peek() !== 'n') return false
    this.literal()
    return true
  }

  /** Only white space may follow. */
  end(): void {
    if (this.peek() !== '') this.fail('syntax', 'characters after the end')
  }

  private list(open: string, close: string, wanted: string, element: () => void): void {
    this.open(open, wanted)
    this.depth += 1
    if (this.depth > JSON_DEPTH) this.fail('depth', `nested deeper than ${JSON_DEPTH} levels`)
    if (this.peek() !== close) {
      element()
      while (this.peek() === ',') {
        this.position += 1
        element()
      }
    }
    if (this.peek() !== close) this.fail('syntax', `expected "," or "${close}"`)
    this.position += 1
    this.depth -= 1
  }

  private open(character: string, wanted: string): void {
    this.startOf(wanted, (first) => first === character)
    this.position += 1
  }

  private startOf(wanted: string, fits: (first: string) => boolean): number {
    const first = this.peek()
    const start = this.position
    if (fits(first)) return start
    this.skip() // what is not JSON at all is a fault of syntax, not of type
    throw new JsonError('type', `expected ${wanted}`, start)
  }

  private escape(): string {
    const character = this.text.charAt(this.position + 1)
    if (character === 'u') return this.unicodeEscape()
    const value = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined
    if (value === undefined) this.fail('syntax', 'unknown escape in a string')
    this.position += 2
    return value
  }

  private unicodeEscape(): string {
    const first = this.codeUnit()
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first)
    const second = this.text.startsWith('\\u', this.position) ? this.codeUnit() : 0
    if (first > 0xdbff || second < 0xdc00 || second > 0xdfff)
      this.fail('syntax', 'half of a surrogate pair in a string')
    return String.fromCharCode(first, second)
  }

  private codeUnit(): number {
    const digits = this.text.slice(this.position + 2, this.position + 6)
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail('syntax', 'expected four hexadecimal digits')
    this.position += 6
    return Number.parseInt(digits, 16)
  }

  private number(): string {
    const start = this.position
    if (this.text.charAt(this.position) === '-') this.position += 1
    if (this.text.charAt(this.position) === '0') this.position += 1
    else this.digits()
    if (this.text.charAt(this.position) === '.') {
      this.position += 1
      this.digits()
    }
    if (/[eE]/.test(this.text.charAt(this.position))) {
      this.position += 1
      if (/[+-]/.test(this.text.charAt(this.position))) this.position += 1
      this.digits()
    }
    const token = this.text.slice(start, this.position)
    if (!Number.isFinite(Number(token))) throw new JsonError('syntax', `${brief(token)} is beyond float64`, start)
    return token
  }

  private digits(): void {
    if (!isDigit(this.text.charAt(this.position))) this.fail('syntax', 'expected a digit')
    while (isDigit(this.text.charAt(this.position))) this.position += 1
  }

  private literal(): void {
    const word = ['true', 'false', 'null'].find((candidate) => this.text.startsWith(candidate, this.position))
    if (word === undefined) this.fail('syntax', 'expected a value')
    this.position += word.length
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.position)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.position += 1
    }
  }

  private fail(fault: JsonFault, message: string): never {
    throw new JsonError(fault, message, this.position)
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9'
}

function brief(token: string): string {
  return token.length > 40 ? `${token.slice(0, 40)}…` : token
}
