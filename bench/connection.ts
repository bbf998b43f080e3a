// One HTTP/1.1 connection that costs the load generator as little as possible, so that it is the server that is measured.

export type Connection = {
  /** Sends one request and resolves with the status when the whole reply is there; 0 when the connection ends first. One at a time. */
  send(request: Uint8Array): Promise<number>
  /** False once the server has ended it, as it does with one that was quiet for some time. */
  isOpen(): boolean
  close(): void
}

export async function connect(port: number): Promise<Connection> {
  let resolve = (_: number) => {}
  let received = ''
  let unsent: Uint8Array = new Uint8Array()
  let isOpen = true
  const socket = await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      data(_, chunk) {
        received += chunk.toString('latin1')
        const end = received.indexOf('\r\n\r\n')
        if (end < 0) return
        if (!isWhole(received, end + 4)) return
        const status = Number(received.slice(9, 12))
        received = ''
        resolve(status)
      },
      drain: () => write(),
      close() {
        isOpen = false
        resolve(0)
      },
    },
  })
  const write = () => {
    unsent = unsent.subarray(Math.max(0, socket.write(unsent)))
  }

  return {
    send: (request) =>
      new Promise((done) => {
        if (!isOpen) return done(0)
        resolve = done
        unsent = request
        write()
      }),
    isOpen: () => isOpen,
    close: () => socket.end(),
  }
}

/** `start`: of the body. */
function isWhole(reply: string, start: number): boolean {
  const head = reply.slice(0, start)
  if (/transfer-encoding: chunked/i.test(head)) return reply.endsWith('0\r\n\r\n')
  return reply.length >= start + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
}

/** The bytes of a POST on a kept-alive connection. */
export function postBytes(path: string, body: string, headers: Record<string, string>): Uint8Array {
  const lines = Object.entries({ host: 'localhost', 'content-length': String(Buffer.byteLength(body)), ...headers })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${head}\r\n${body}`)
}
