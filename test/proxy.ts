// A way to a server that can be broken in the ways networks and servers break.

import { connect, createServer, type Socket } from 'node:net'

/** `refuse`: nobody listens · `hang`: accepts and takes, passes nothing on until it is over · `slow`: each request comes late. */
export type Mode = 'pass' | 'refuse' | 'hang' | { readonly slowMs: number }

/**
 * `before`, `after`: the server goes away, to stay away, before the message got there whole, or when it has done what the
 * message says, but before the reply gets back · `blink`: this connection is lost with the message, and no other · `ends`: the
 * server ends this connection while the message is on its way · `stalls`: it takes no more of it, and says nothing.
 */
export type Moment = 'before' | 'after' | 'blink' | 'ends' | 'stalls'

export type Breakable = {
  readonly port: number
  /** `refuse` also ends every connection. */
  set(mode: Mode): Promise<void>
  /** Ends every connection in the middle of whatever it carries; new ones work. */
  cut(): void
  /** Breaks at the next message to the server that contains the text. */
  breakAt(text: string, moment: Moment): void
  /** How often it has come to that. */
  breaks(): number
  close(): Promise<void>
}

export async function startProxy(to: { readonly host: string; readonly port: number }): Promise<Breakable> {
  const sockets = new Set<Socket>()
  let mode: Mode = 'pass'
  let breaks = 0
  let plan: { readonly text: string; readonly moment: Moment } | undefined
  /** What was held back while hanging, to be passed on when that is over. */
  let held: (() => void)[] = []

  const cut = () => {
    held = []
    for (const socket of sockets) socket.destroy()
  }
  const refuse = async () => {
    mode = 'refuse'
    plan = undefined
    const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : undefined
    cut()
    await closed
  }
  const pass = (write: () => void) => {
    if (mode === 'hang') held.push(write)
    else write()
  }
  const plannedFor = (message: Buffer): Moment | undefined => {
    if (!plan || !message.includes(plan.text)) return undefined
    const { moment } = plan
    plan = undefined
    breaks++
    return moment
  }

  const server = createServer((client) => {
    const target = connect(to)
    for (const [from, into] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        into.destroy()
      })
    }
    // Accepted in the moment of refusing.
    if (mode === 'refuse') client.destroy()

    /** What follows in this connection gets nowhere. */
    let isLost = false
    let isLastReply = false
    const breakNow: { readonly [moment in Moment]: (message: Buffer) => void } = {
      before(message) {
        target.write(message.subarray(0, message.length / 2))
        void refuse()
      },
      after(message) {
        isLastReply = true
        target.write(message)
      },
      blink: () => client.destroy(),
      ends: () => client.end(),
      stalls: () => client.pause(),
    }
    client.on('data', (message: Buffer) => {
      if (isLost) return
      const moment = plannedFor(message)
      if (moment !== undefined) {
        isLost = moment !== 'after'
        breakNow[moment](message)
      } else if (typeof mode === 'object') setTimeout(() => target.write(message), mode.slowMs)
      else pass(() => target.write(message))
    })
    target.on('data', (reply: Buffer) => {
      if (isLastReply) void refuse()
      else pass(() => client.write(reply))
    })
  })

  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve((server.address() as { port: number }).port)
      })
    })
  const port = await listen(0)

  return {
    port,
    cut,
    async set(next) {
      if (next === 'refuse') return refuse()
      if (!server.listening) await listen(port)
      mode = next
      if (next === 'hang') return
      for (const write of held) write()
      held = []
    },
    breakAt(text, moment) {
      plan = { text, moment }
    },
    breaks: () => breaks,
    close: refuse,
  }
}
