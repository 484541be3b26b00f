import fs from 'node:fs'
import { FileProblem } from '../contract/problems.ts'
import { fileProblem } from './failures.ts'
import { identify, identityOf } from './identity.ts'
import type { FileIdentity } from './types.ts'

/** One read call; Linux reads at most 2 GiB - 4 KiB at once. */
const LONGEST_READ = 2 ** 30

/** Non-blocking and never a terminal: what was a file a moment ago may have become a pipe. Absent on Windows. */
const FLAGS = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0) | (fs.constants.O_NOCTTY ?? 0)

/**
 * Opens a regular file for reading at any place. With an identity, the file must still be the one that was found
 * (FILE_CHANGED otherwise). Throws FileProblem.
 */
export function openFile(file: FileIdentity | string): OpenFile {
  const path = typeof file === 'string' ? file : file.path
  const current = identify(path)
  let descriptor: number
  try {
    descriptor = fs.openSync(path, FLAGS)
  } catch (error) {
    throw fileProblem(error, path)
  }
  const opened = new OpenFile(descriptor, typeof file === 'string' ? current : file)
  try {
    opened.assertUnchanged()
    return opened
  } catch (error) {
    opened.close()
    throw error
  }
}

/** An open file. Reads are exact and synchronous; all but RangeError (a bug of the caller) are FileProblems. */
export class OpenFile {
  readonly path: string
  /** In bytes, when it was found. */
  readonly size: number
  private readonly identity: FileIdentity
  private descriptor: number | undefined
  private readBytes = 0

  constructor(descriptor: number, identity: FileIdentity) {
    this.descriptor = descriptor
    this.identity = identity
    this.path = identity.path
    this.size = identity.size
  }

  /** Bytes read so far, for progress. */
  get bytesRead(): number {
    return this.readBytes
  }

  /** `length` bytes from `offset`. */
  read(offset: number, length: number): Uint8Array {
    this.checkRange(offset, length)
    const target = new Uint8Array(length)
    this.readInto(target, offset)
    return target
  }

  /** Fills `target`, which may be a view of shared memory, with the bytes from `offset`. */
  readInto(target: Uint8Array, offset: number): void {
    this.checkRange(offset, target.length)
    let done = 0
    while (done < target.length) {
      const count = this.readSome(target, done, offset + done)
      if (count === 0) {
        const message = `the file ends after ${offset + done} of ${this.size} bytes`
        throw new FileProblem('FILE_TRUNCATED', message, this.path, offset + done)
      }
      done += count
      this.readBytes += count
    }
  }

  /** Throws FILE_CHANGED if size, time, device or inode of the open file are not those it was found with. */
  assertUnchanged(): void {
    const now = this.system((descriptor) => identityOf(this.path, fs.fstatSync(descriptor, { bigint: true })))
    const keys = ['size', 'mtimeNs', 'device', 'inode'] as const
    const changed = keys.find((key) => now[key] !== this.identity[key])
    if (changed === undefined) return
    throw new FileProblem('FILE_CHANGED', `the file changed while it was read (${changed})`, this.path)
  }

  /** Further calls do nothing. */
  close(): void {
    if (this.descriptor !== undefined) fs.closeSync(this.descriptor)
    this.descriptor = undefined
  }

  private readSome(target: Uint8Array, from: number, offset: number): number {
    const length = Math.min(target.length - from, LONGEST_READ)
    return this.system((descriptor) => fs.readSync(descriptor, target, from, length, offset), offset)
  }

  private system<T>(call: (descriptor: number) => T, offset?: number): T {
    if (this.descriptor === undefined) throw new Error(`${this.path} is closed`)
    try {
      return call(this.descriptor)
    } catch (error) {
      throw error instanceof FileProblem ? error : fileProblem(error, this.path, offset)
    }
  }

  private checkRange(offset: number, length: number): void {
    const inside = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0
    if (!inside || offset + length > this.size) {
      throw new RangeError(`bytes ${offset} to ${offset + length} of a file of ${this.size} bytes`)
    }
  }
}
