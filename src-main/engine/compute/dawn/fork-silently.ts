import { fork, type ChildProcess } from 'node:child_process'

/** Starts a program of ours for a driver: what that prints is dropped, and typed arrays cross as they are. */
export function forkSilently(program: URL): ChildProcess {
  return fork(program, [], { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
}
