// Remote calls between threads: an object of functions on one side, the same object with promises on the other.

import { Unavailable } from './unavailable.ts'

type Functions = { readonly [name: string]: (...args: never[]) => unknown }

/** The functions of `T` as seen from the other thread. */
export type Remote<T extends Functions> = {
  readonly [K in keyof T]: (...args: Parameters<T[K]>) => Promise<Awaited<ReturnType<T[K]>>>
}

type Request = { readonly call: number; readonly name: string; readonly args: readonly unknown[] }
type Reply = { readonly call: number; readonly value?: unknown; readonly error?: { name: string; message: string } }

/**
 * A message costs tens of microseconds on either side, more than most calls. So calls share messages: the first is sent at the end
 * of this turn of the event loop, later ones at most once in this time (milliseconds), unless the caller sets another pace.
 */
const PACE_MS = 3

/** Finished answers wait for the rest of their message at most this long (milliseconds), unless the worker says otherwise. */
const REPLY_PATIENCE_MS = 1

/** In the worker: answers calls with these functions, in order. */
export function serveCalls(functions: Functions, patienceMs = REPLY_PATIENCE_MS): void {
  const scope = globalThis as unknown as Worker
  scope.onmessage = ({ data }: MessageEvent<readonly Request[]>) => {
    let ready: Reply[] = []
    let since = performance.now()
    for (const request of data) {
      const reply = answerOf(functions, request)
      if (reply instanceof Promise) void reply.then((late) => post(scope, [late]))
      else ready.push(reply)
      if (performance.now() - since < patienceMs) continue
      post(scope, ready)
      ready = []
      since = performance.now()
    }
    post(scope, ready)
  }
}

function answerOf(functions: Functions, { call, name, args }: Request): Reply | Promise<Reply> {
  try {
    const value = (functions[name] as unknown as (...args: readonly unknown[]) => unknown)(...args)
    if (!(value instanceof Promise)) return { call, value }
    return value.then(
      (settled: unknown) => ({ call, value: settled }),
      (error: unknown) => failure(call, error),
    )
  } catch (error) {
    return failure(call, error)
  }
}

function failure(call: number, thrown: unknown): Reply {
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown))
  return { call, error: { name, message } }
}

/** A value that cannot be cloned fails only its own call. */
function post(scope: Worker, replies: readonly Reply[]): void {
  if (replies.length === 0) return
  try {
    scope.postMessage(replies)
  } catch (error) {
    if (replies.length > 1) for (const reply of replies) post(scope, [reply])
    else scope.postMessage(replies.map(({ call }) => failure(call, error)))
  }
}

/** Starts a thread. `path`: of its module below `src/`. A compiled binary has one module at the root, and the threads' modules. */
export const startThread = (path: string, options: { readonly smol?: boolean } = {}): Worker =>
  new Worker(new URL(Bun.isStandaloneExecutable ? `./${path}` : `../${path}`, import.meta.url).href, options)

export type Connection<T extends Functions> = {
  readonly remote: Remote<T>
  /** Calls that wait, and later ones, reject. */
  close(): void
}

/** The same without another thread. */
export function connectHere<T extends Functions>(functions: T): Connection<T> {
  const call = async (name: string, args: readonly unknown[]) =>
    (functions[name] as unknown as (...args: readonly unknown[]) => unknown)(...args)
  return { remote: remoteOf(call), close() {} }
}

const remoteOf = <T extends Functions>(call: (name: string, args: readonly unknown[]) => Promise<unknown>): Remote<T> =>
  new Proxy({} as Remote<T>, {
    get: (_, name) => (name === 'then' ? undefined : (...args: unknown[]) => call(String(name), args)),
  })

/** Outside: calls into a worker. When it dies or is closed, waiting and later calls reject, and `onEnd` is called. */
export function connectWorker<T extends Functions>(
  worker: Worker,
  onEnd: () => void = () => {},
  paceMs = PACE_MS,
): Connection<T> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  let gone: Error | undefined

  const end = (error: Error) => {
    if (!gone) onEnd()
    gone ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.onmessage = ({ data }: MessageEvent<readonly Reply[]>) => {
    for (const { call, value, error } of data) {
      const caller = waiting.get(call)
      waiting.delete(call)
      if (error) caller?.reject(Object.assign(new Error(error.message), { name: error.name }))
      else caller?.resolve(value)
    }
  }
  worker.onerror = (event) => end(new Unavailable(`the worker stopped: ${event.message}`))
  worker.addEventListener('close', () => end(new Unavailable('the worker stopped')))

  let outbox: Request[] = []
  let sentAt = Number.NEGATIVE_INFINITY
  const send = () => {
    const requests = outbox
    outbox = []
    sentAt = performance.now()
    try {
      worker.postMessage(requests)
    } catch (error) {
      for (const { call } of requests) waiting.get(call)?.reject(error as Error)
      for (const { call } of requests) waiting.delete(call)
    }
  }
  const schedule = () => {
    const pause = sentAt + paceMs - performance.now()
    if (pause > 0) setTimeout(send, pause)
    else setImmediate(send)
  }

  const call = (name: string, args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (gone) return reject(gone)
      waiting.set(++last, { resolve, reject })
      outbox.push({ call: last, name, args })
      if (outbox.length === 1) schedule()
    })
  return {
    remote: remoteOf(call),
    close() {
      end(new Unavailable('closed'))
      worker.terminate()
    },
  }
}
