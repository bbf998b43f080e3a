// A way to a server that can be broken in the ways networks and servers break.

import { connect, createServer, type Server, type Socket } from 'node:net'

/** `refuse`: nobody listens · `hang`: accepts and takes, never passes anything on · `slow`: passes on after a delay. */
export type Mode = 'pass' | 'refuse' | 'hang' | { readonly slowMs: number }

export type Breakable = {
  readonly port: number
  set(mode: Mode): Promise<void>
  /** Ends every connection in the middle of whatever it carries; new ones work. */
  cut(): void
  close(): Promise<void>
}

export async function startProxy(to: { readonly host: string; readonly port: number }): Promise<Breakable> {
  const sockets = new Set<Socket>()
  let mode: Mode = 'pass'
  /** What was held back while hanging, to be passed on when that is over. */
  let held: (() => void)[] = []

  const carry = (from: Socket, into: Socket) => {
    sockets.add(from)
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      into.destroy()
    })
    from.on('data', (chunk) => {
      if (mode === 'hang') held.push(() => into.write(chunk))
      else if (typeof mode === 'object') setTimeout(() => into.write(chunk), mode.slowMs)
      else into.write(chunk)
    })
  }
  const listen = (port: number) =>
    new Promise<Server>((resolve) => {
      const server = createServer((client) => {
        const target = connect(to)
        carry(client, target)
        carry(target, client)
      })
      server.listen(port, '127.0.0.1', () => resolve(server))
    })
  const cut = () => {
    held = []
    for (const socket of sockets) socket.destroy()
  }
  const stop = async () => {
    const stopped = server
    server = undefined
    await new Promise<void>((resolve) => {
      if (!stopped) return resolve()
      stopped.close(() => resolve())
      cut()
    })
  }

  let server: Server | undefined = await listen(0)
  const { port } = server.address() as { port: number }
  return {
    port,
    cut,
    async set(next) {
      if (next === 'refuse') await stop()
      else server ??= await listen(port)
      mode = next
      if (next === 'hang') return
      for (const pass of held) pass()
      held = []
    },
    close: stop,
  }
}
