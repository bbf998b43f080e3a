// The proxy of `proxy.ts`, in a process of its own: bun test/proxy-process.ts HOST PORT, told what to do over IPC.

import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Mode } from './proxy.ts'

/** What it is told; each is answered with the port it listens on. */
export type Order = { readonly mode: Mode } | 'cut'

const [host = '', port = ''] = process.argv.slice(2)
const proxy = await startProxy({ host, port: Number(port) })
process.on('message', async (order: Order) => {
  if (order === 'cut') proxy.cut()
  else await proxy.set(order.mode)
  process.send?.(proxy.port)
})
process.send?.(proxy.port)

async function startProxy(to: { readonly host: string; readonly port: number }) {
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
    async set(next: Mode) {
      if (next === 'refuse') await stop()
      else server ??= await listen(port)
      mode = next
      if (next === 'hang') return
      for (const pass of held) pass()
      held = []
    },
  }
}
