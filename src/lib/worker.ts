// Calls across a thread: an object of functions on one side, the same object with promises on the other.

type Functions = { readonly [name: string]: (...args: never[]) => unknown }

/** The functions of `T` as seen from the other thread. */
export type Remote<T extends Functions> = {
  readonly [K in keyof T]: (...args: Parameters<T[K]>) => Promise<Awaited<ReturnType<T[K]>>>
}

type Request = { readonly call: number; readonly name: string; readonly args: readonly unknown[] }
type Reply = { readonly call: number; readonly value?: unknown; readonly error?: { name: string; message: string } }

/** In the worker: answers calls with these functions, in the order they come. */
export function serveCalls(functions: Functions): void {
  const scope = globalThis as unknown as Worker
  scope.onmessage = async ({ data }: MessageEvent<Request>) => {
    const { call, name, args } = data
    try {
      const value = await (functions[name] as unknown as (...args: readonly unknown[]) => unknown)(...args)
      scope.postMessage({ call, value } satisfies Reply)
    } catch (error) {
      const { name = 'Error', message = String(error) } = error as Error
      scope.postMessage({ call, error: { name, message } } satisfies Reply)
    }
  }
}

/** Outside: calls into a worker. When the worker dies, every call waiting for it and every later one rejects. */
export function connectWorker<T extends Functions>(worker: Worker): { remote: Remote<T>; close(): void } {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  let gone: Error | undefined

  const end = (error: Error) => {
    gone ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    const caller = waiting.get(data.call)
    waiting.delete(data.call)
    if (data.error) caller?.reject(Object.assign(new Error(data.error.message), { name: data.error.name }))
    else caller?.resolve(data.value)
  }
  worker.onerror = (event) => end(new Error(`the worker stopped: ${event.message}`))

  const call = (name: string, args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (gone) return reject(gone)
      waiting.set(++last, { resolve, reject })
      worker.postMessage({ call: last, name, args } satisfies Request)
    })
  const remote = new Proxy({} as Remote<T>, {
    get: (_, name) => (name === 'then' ? undefined : (...args: unknown[]) => call(String(name), args)),
  })
  return {
    remote,
    close() {
      end(new Error('closed'))
      worker.terminate()
    },
  }
}
