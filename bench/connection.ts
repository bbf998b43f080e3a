// One HTTP/1.1 connection that costs the load generator as little as possible, so that it is the server that is measured.

export type Connection = {
  /** Sends one request and resolves with the status when the whole reply is there. One at a time. */
  send(request: Uint8Array): Promise<number>
  close(): void
}

export async function connect(port: number): Promise<Connection> {
  let resolve: ((status: number) => void) | undefined
  let received = ''
  const socket = await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      data(_, chunk) {
        received += chunk.toString('latin1')
        const end = received.indexOf('\r\n\r\n')
        if (end < 0) return
        const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0)
        if (received.length < end + 4 + length) return
        const status = Number(received.slice(9, 12))
        received = ''
        resolve?.(status)
      },
      close: () => resolve?.(0),
    },
  })
  return {
    send: (request) =>
      new Promise((done) => {
        resolve = done
        socket.write(request)
      }),
    close: () => socket.end(),
  }
}

/** The bytes of a POST on a kept-alive connection. */
export function postBytes(path: string, body: string, headers: Record<string, string>): Uint8Array {
  const lines = Object.entries({ host: 'localhost', 'content-length': String(Buffer.byteLength(body)), ...headers })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${head}\r\n${body}`)
}
