// For tests: a way to a server that can be cut at any point, and mended.

import { createServer, connect as dial, type Socket } from 'node:net'

export type Forwarder = {
  readonly port: number
  mend(): Promise<void>
  /** Ends all connections, and refuses new ones until mended. */
  cut(): Promise<void>
  /**
   * Cuts at the next message to the server that contains the text: before it got there whole, or when the server has done
   * what it says, but before the reply gets back. `blink` loses the message and its connection, and no other.
   */
  cutAt(text: string, when: Moment): void
}

export type Moment = 'before' | 'after' | 'blink'

export async function startForwarder(to: { readonly host: string; readonly port: number }): Promise<Forwarder> {
  const sockets = new Set<Socket>()
  let plan: { readonly text: string; readonly when: Moment } | undefined

  const cut = async () => {
    plan = undefined
    const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : undefined
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  }

  const server = createServer((client) => {
    const target = dial(to)
    let isCutting = false
    for (const socket of [client, target]) track(socket)
    client.on('close', () => target.destroy())
    target.on('close', () => client.destroy())
    client.on('data', (data: Buffer) => {
      const moment = plan !== undefined && data.includes(plan.text) ? plan.when : undefined
      if (moment === undefined) {
        target.write(data)
        return
      }
      plan = undefined
      if (moment === 'blink') return void client.destroy()
      isCutting = true
      target.write(moment === 'before' ? data.subarray(0, data.length / 2) : data)
      if (moment === 'before') void cut()
    })
    target.on('data', (data: Buffer) => {
      if (isCutting) void cut()
      else client.write(data)
    })
  })

  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
  const port = await listen(0)
  return {
    port,
    cut,
    async mend() {
      if (!server.listening) await listen(port)
    },
    cutAt(text, when) {
      plan = { text, when }
    },
  }
}
