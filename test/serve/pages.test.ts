import { beforeAll, describe, expect, test } from 'vitest'
import { ask, testServer, type TestServer } from './servers.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})

const withToken = (path: string) => `${path}?token=${server.token}`

describe('the page', () => {
  test('comes with the token, and its files with the cookie that it brings', async () => {
    const page = await ask(server, withToken('/'))
    expect(page).toMatchObject({ status: 200, body: '<!doctype html><title>page</title>' })
    const [cookie] = page.headers['set-cookie']!
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
    const script = await ask(server, '/assets/ui.js', { headers: { cookie: `a=b; ${cookie!.split(';')[0]!}` } })
    expect(script).toMatchObject({ status: 200, body: 'export {}' })
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
  })

  test('may load and reach nothing but this server', async () => {
    const { headers } = await ask(server, withToken('/'))
    const policy = new Map(
      String(headers['content-security-policy'])
        .split('; ')
        .map((rule) => rule.split(/ (.*)/) as [string, string]),
    )
    expect(policy.get('default-src')).toBe("'none'")
    expect(policy.get('script-src')).toBe("'self'")
    expect(policy.get('style-src')).toBe("'self'")
    expect(policy.get('connect-src')).toBe(`'self' ws://127.0.0.1:${server.port}`)
    expect(policy.get('frame-ancestors')).toBe("'none'")
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  test('is refused without the token, with a wrong one, and with a part of it', async () => {
    const tokens = ['', 'wrong', server.token.slice(0, -1), `${server.token}x`, server.token.toUpperCase()]
    for (const token of tokens) expect((await ask(server, `/?token=${token}`)).status, token).toBe(403)
    const refused = await ask(server, '/')
    expect(refused.status).toBe(403)
    expect(refused.headers['set-cookie']).toBeUndefined()
    expect((await ask(server, '/assets/ui.js')).status).toBe(403)
    expect((await ask(server, '/', { headers: { cookie: `heirloom=${server.token}` } })).status).toBe(403)
  })

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', 'localhost:1:2'])(
    'is refused for the host "%s"',
    async (host) => {
      const answer = await ask(server, withToken('/'), { headers: { host } })
      expect(answer.status).toBe(421)
      expect(answer.headers['set-cookie']).toBeUndefined()
    },
  )

  test.each(['localhost', 'LOCALHOST:80', '127.0.0.1', '[::1]:9000'])('comes for the host "%s"', async (host) => {
    expect((await ask(server, withToken('/'), { headers: { host } })).status).toBe(200)
  })

  test.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/..%2fsecret.js',
    '/%2e%2e/secret.js',
    '/assets/..\\..\\secret.js',
    '//secret.js',
    '/assets/link.js',
    '/assets/notes.txt',
    '/assets',
    '/assets/',
    '/ui',
    '/library.db',
    '/assets/ui.js%00',
    '/assets/ui.js/',
  ])('%s is no part of it', async (path) => {
    expect((await ask(server, withToken(path))).status).toBe(404)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is refused', async (method) => {
    expect((await ask(server, withToken('/'), { method })).status).toBe(405)
  })

  test('HEAD gives the headers alone', async () => {
    const answer = await ask(server, withToken('/'), { method: 'HEAD' })
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(Number(answer.headers['content-length'])).toBe(34)
  })
})

test('two servers have two tokens', async () => {
  const other = await testServer()
  expect(other.token).not.toBe(server.token)
  expect(Buffer.from(other.token, 'base64url')).toHaveLength(32)
  expect((await ask(other, withToken('/'))).status).toBe(403)
})
