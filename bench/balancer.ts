// A load balancer that costs as little as it can: each new connection goes to the next of these ports, byte for byte.
//
//   bun bench/balancer.ts PORT …

import type { Socket, SocketHandler } from 'bun'

type End = {
  /** Of the same connection; none until the replica has accepted it. */
  other?: Socket<End>
  /** What this end has not taken yet. The other one is not read meanwhile. */
  unsent: Uint8Array
}

const NOTHING = new Uint8Array()

const ports = process.argv.slice(2).map(Number)
let accepted = 0

const passing: SocketHandler<End> = {
  data(end, chunk) {
    const { other } = end.data
    if (!other) return
    other.data.unsent = Buffer.concat([other.data.unsent, chunk])
    write(other)
    if (other.data.unsent.length > 0) end.pause()
  },
  drain(end) {
    write(end)
    if (end.data.unsent.length === 0) end.data.other?.resume()
  },
  close(end) {
    end.data.other?.end()
  },
}

const server = Bun.listen<End>({
  hostname: '127.0.0.1',
  port: 0,
  socket: {
    ...passing,
    async open(client) {
      client.data = { unsent: NOTHING }
      client.pause()
      const port = ports[accepted++ % ports.length] as number
      const data: End = { other: client, unsent: NOTHING }
      client.data.other = await Bun.connect({ hostname: '127.0.0.1', port, data, socket: passing })
      client.resume()
    },
  },
})
console.log(server.port)

function write(end: Socket<End>): void {
  const { unsent } = end.data
  if (unsent.length > 0) end.data.unsent = unsent.subarray(Math.max(0, end.write(unsent)))
}
