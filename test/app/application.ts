import { fork, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Commands } from './double/electron.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const register = fileURLToPath(new URL('./double/register.ts', import.meta.url))

type Arguments<Name extends keyof Commands> = Parameters<Commands[Name]>
type Result<Name extends keyof Commands> = Awaited<ReturnType<Commands[Name]>>

/** The built application, started with the double of Electron. */
export interface Application {
  readonly ask: <Name extends keyof Commands>(name: Name, ...args: Arguments<Name>) => Promise<Result<Name>>
  /** Ends when the process has ended; its exit code. */
  readonly ended: Promise<number | null>
  readonly errors: () => string
}

/** @param data where it keeps its settings and its library */
export function startApplication(data: string, environment: Record<string, string> = {}): Application {
  const child: ChildProcess = fork(join(root, 'out/main/app.js'), [], {
    cwd: root,
    execArgv: ['--import', register],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, HEIRLOOM_DOUBLE_DATA: data, XDG_DATA_HOME: join(data, 'library'), ...environment },
  })
  let text = ''
  child.stdout!.on('data', (part: Buffer) => (text += String(part)))
  child.stderr!.on('data', (part: Buffer) => (text += String(part)))
  const waiting = new Map<number, PromiseWithResolvers<never>>()
  child.on('message', ({ id, result, error }: { id: number; result: never; error?: string }) => {
    const one = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) one?.resolve(result)
    else one?.reject(new Error(error))
  })
  let next = 0
  return {
    ask: (name, ...args) => {
      const answer = Promise.withResolvers<never>()
      waiting.set(next, answer)
      child.send({ id: next++, name, args })
      return answer.promise
    },
    ended: new Promise((resolve) => child.on('exit', (code) => resolve(code))),
    errors: () => text,
  }
}

export function temporaryData(): string {
  return fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'heirloom-app-')))
}
