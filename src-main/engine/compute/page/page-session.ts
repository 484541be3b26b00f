import type { MessagePort } from 'node:worker_threads'
import * as v from 'valibot'
import { FromComputePage, LARGEST_READ, type GrantedTensor } from '../../../contract/compute.ts'
import { ReadRefusal, type OpenComputePage, type PageLine, type PageListener } from './page-line.ts'
import type { FromThread, ToThread } from './port-messages.ts'

/** A page that has not opened a device by then, in milliseconds, never will: drivers take seconds to compile. */
const PATIENCE_MS = 30_000

/** Bytes on the way at once are at most so many reads. A page that is in order reads one tensor after the other. */
const MOST_READS = 4

/** A tensor that the page may read: once, in order. */
interface Grant {
  readonly thread: MessagePort
  /** As the thread calls it. */
  readonly id: number
  readonly bytes: number
  next: number
}

/** Ids of all sessions: what a page says late can be told from what it made up. */
let nextId = 0

/** One page, from its start to its end, and the threads that it measures for. It can name nothing but what they granted. */
export class PageSession implements PageListener {
  /** Of each thread: the ids of its tensors, and those that the page knows them by. */
  readonly #threads = new Map<MessagePort, Map<number, number>>()
  readonly #grants = new Map<number, Grant>()
  readonly #reading = new Map<number, PromiseWithResolvers<Uint8Array>>()
  readonly #onEnd: () => void
  readonly #line: PageLine | null
  readonly #patience: NodeJS.Timeout
  #opened: FromComputePage | null = null
  #ended = false

  constructor(openPage: OpenComputePage, onEnd: () => void) {
    this.#onEnd = onEnd
    this.#patience = setTimeout(() => this.#break('it opens no device'), PATIENCE_MS).unref()
    this.#line = openPage(this)
    if (this.#line) this.#line.send({ type: 'open' })
    else this.#deviceKnown({ type: 'unavailable', reason: 'none', message: 'No compute page is open.' })
  }

  /** Hands a thread over to this page; it is told at once what is known of the device. */
  attach(thread: MessagePort): void {
    this.#threads.set(thread, new Map())
    thread.on('message', (message: FromThread) => this.#heardThread(thread, message))
    thread.on('close', () => this.#detach(thread))
    if (this.#opened) tell(thread, this.#opened)
  }

  hear(message: unknown): void {
    if (this.#ended) return
    const parsed = v.safeParse(FromComputePage, message)
    if (!parsed.success) return this.#break('it said what is no message of the contract')
    const said = parsed.output
    switch (said.type) {
      case 'opened':
      case 'unavailable':
        return this.#deviceKnown(said)
      case 'read':
        return void this.#answerRead(said.id, said.offset, said.length)
      case 'numbers':
      case 'failed':
        return this.#tensorEnded(said)
    }
  }

  async read(id: number, offset: number, length: number): Promise<Uint8Array> {
    const grant = this.#grants.get(id)
    if (!grant) throw new ReadRefusal(id < nextId ? 'withdrawn' : 'unknown', 'There is no such tensor.')
    const inside = length >= 1 && length <= LARGEST_READ && offset === grant.next && length <= grant.bytes - offset
    if (!inside || this.#reading.has(id) || this.#reading.size >= MOST_READS)
      throw new ReadRefusal('range', 'A tensor is read once, in order, and not in larger parts.')
    const reading = Promise.withResolvers<Uint8Array>()
    this.#reading.set(id, reading)
    tell(grant.thread, { type: 'read', id: grant.id, offset, length })
    return reading.promise
  }

  gone(reason: string): void {
    this.#end({ type: 'unavailable', reason: 'lost', message: `The compute page ended: ${reason}.` })
  }

  /** Lets go of the page. */
  close(): void {
    if (this.#ended) return
    this.#line?.close(null)
    this.gone('it was let go')
  }

  #deviceKnown(said: Extract<FromComputePage, { type: 'opened' | 'unavailable' }>): void {
    if (this.#opened) return this.#break('it opened its device twice')
    clearTimeout(this.#patience)
    this.#opened = said
    for (const thread of this.#threads.keys()) tell(thread, said)
  }

  async #answerRead(id: number, offset: number, length: number): Promise<void> {
    try {
      const bytes = await this.read(id, offset, length)
      if (!this.#ended) this.#line!.send({ type: 'bytes', id, bytes })
    } catch (error) {
      if (!(error instanceof ReadRefusal)) throw error
      if (error.reason !== 'withdrawn') return this.#break('it asked for bytes that it may not read, or not yet')
      if (!this.#ended) this.#line!.send({ type: 'bytes', id, bytes: null })
    }
  }

  #tensorEnded(said: Extract<FromComputePage, { type: 'numbers' | 'failed' }>): void {
    const grant = this.#grants.get(said.id)
    if (!grant) {
      // Nobody waits for what was withdrawn.
      if (said.id >= nextId) this.#break('it measured what nobody granted')
      return
    }
    if (said.type === 'numbers' && grant.next < grant.bytes) return this.#break('it measured what it had not read')
    this.#withdraw(said.id, grant)
    tell(grant.thread, { ...said, id: grant.id })
  }

  #heardThread(thread: MessagePort, message: FromThread): void {
    if (this.#ended) return
    if (message.type === 'measure') return this.#grantAll(thread, message.tensors)
    const id = this.#threads.get(thread)?.get(message.id)
    const grant = id === undefined ? undefined : this.#grants.get(id)
    if (id === undefined || !grant) return
    if (message.type === 'withdraw') return this.#withdraw(id, grant)
    grant.next += message.bytes.length
    this.#reading.get(id)?.resolve(message.bytes)
    this.#reading.delete(id)
  }

  #grantAll(thread: MessagePort, tensors: readonly GrantedTensor[]): void {
    const granted = tensors.map((tensor) => {
      const id = nextId++
      this.#grants.set(id, { thread, id: tensor.id, bytes: tensor.bytes, next: 0 })
      this.#threads.get(thread)!.set(tensor.id, id)
      return { ...tensor, id }
    })
    this.#line!.send({ type: 'measure', tensors: granted })
  }

  #withdraw(id: number, grant: Grant): void {
    this.#grants.delete(id)
    this.#threads.get(grant.thread)?.delete(grant.id)
    const reading = this.#reading.get(id)
    this.#reading.delete(id)
    reading?.reject(new ReadRefusal('withdrawn', 'The tensor is not wanted any more.'))
  }

  #detach(thread: MessagePort): void {
    this.#threads.delete(thread)
    for (const [id, grant] of this.#grants) if (grant.thread === thread) this.#withdraw(id, grant)
    if (this.#threads.size === 0) this.close()
  }

  /** Ends what does not behave. */
  #break(reason: string): void {
    if (this.#ended) return
    this.#line?.close(reason)
    this.gone(reason)
  }

  #end(last: Extract<FromComputePage, { type: 'unavailable' }>): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#patience)
    this.#opened = last
    for (const [id, grant] of this.#grants) this.#withdraw(id, grant)
    for (const thread of this.#threads.keys()) tell(thread, last)
    this.#onEnd()
  }
}

function tell(thread: MessagePort, message: ToThread): void {
  thread.postMessage(message)
}
