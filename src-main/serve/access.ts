import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'

const TOKEN_BYTES = 32
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/** Decides who may talk to this server. */
export interface Access {
  /** Part of the address that the user opens. */
  readonly token: string
  /** Handed to the page with its first answer, so that its scripts and styles need no token in their addresses. */
  readonly cookie: string
  /** Whether the request names this machine: a page elsewhere may have its own name point here. */
  isForHere(request: IncomingMessage): boolean
  /** Whether a page of this server asks; a request without origin is none of a page. */
  isFromHere(request: IncomingMessage): boolean
  hasToken(request: IncomingMessage): boolean
}

/** @param address that the server listens at */
export function createAccess(address: string): Access {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  // Browsers keep one set of cookies for all ports of a machine.
  const name = `heirloom-${createHash('sha256').update(token).digest('hex').slice(0, 16)}`
  const hosts = new Set(hostsOf(address))
  return {
    token,
    cookie: `${name}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    isForHere: ({ headers }) => hosts.has(withoutPort(headers.host ?? '')),
    isFromHere: ({ headers }) => headers.origin === `http://${headers.host}`,
    hasToken: ({ headers, url }) => {
      const asked = new URLSearchParams((url ?? '').split('?')[1]).get('token')
      return equal(asked ?? cookieValue(headers.cookie ?? '', name), token)
    },
  }
}

/** Names that a browser may know this machine by; ports are free, so that a tunnel may lead here. */
function hostsOf(address: string): string[] {
  const everywhere = address === '0.0.0.0' || address === '::'
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const others = everywhere
    ? [hostname().toLowerCase(), ...own.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))]
    : [address.includes(':') ? `[${address}]` : address.toLowerCase()]
  return [...LOOPBACK, ...others]
}

function withoutPort(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '')
}

function cookieValue(cookies: string, name: string): string {
  const found = cookies.split(';').find((cookie) => cookie.trim().startsWith(`${name}=`))
  return found?.trim().slice(name.length + 1) ?? ''
}

/** In a time that says nothing about where they differ. */
function equal(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
