import { connect } from 'node:net'
import { between, pick, type Random } from '../../src/simulate/random.ts'

/** Opens some requests that begin in one of many ways, sends a part of each, and breaks them off after a while. */
export async function half(random: Random, port: number): Promise<number[]> {
  const heads = [
    'POST /flows/repair-booking HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhe',
    `POST /flows/repair-booking HTTP/1.1\r\nhost: x\r\ncontent-length: ${between(random, 1, 1_390_000)}\r\n\r\n{"enc`,
    'POST /admin/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 900\r\n\r\nname=',
    'POST /admin/login HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=x\r\ntransfer-encoding: chunked\r\n\r\n',
    `GET /api/v1/sessions HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(between(random, 0, 15_000))}`,
    'GARBAGE\r\n\r\n',
  ]
  const count = between(random, 5, 40)
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(pick(random, heads))
    if (random() < 0.3) socket.write(Buffer.alloc(between(random, 0, 1_200_000), 'x'))
    return socket
  })
  await new Promise((resolve) => setTimeout(resolve, between(random, 0, 500)))
  for (const socket of sockets) socket.destroy()
  return sockets.map(() => 0)
}
