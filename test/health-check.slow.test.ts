// What the container's health check prints, which `docker inspect` shows.

import { expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { join } from 'node:path'

async function health(port: number) {
  const child = Bun.spawn(['bash', join(import.meta.dir, '../docker/health'), String(port)], {
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, stdout, stderr }
}

const SENTENCES = 'The journal does not answer; check the disk.\nThe store does not answer, and events have waited.\n'

test.each([
  ['a server that is ready', 200, 'ready\n', 0],
  ['one that is not: with all its reasons', 503, SENTENCES, 1],
  ['a body that ends without a line end', 503, 'no', 1],
  ['another program', 404, 'Not Found', 1],
])('%s', async (_, status, body, code) => {
  const asked: string[] = []
  const server = Bun.serve({
    port: 0,
    fetch(request) {
      asked.push(new URL(request.url).pathname)
      return new Response(body, { status })
    },
  })
  expect(await health(server.port as number)).toEqual({ code, stdout: body, stderr: '' })
  expect(asked).toEqual(['/ready'])
  await server.stop(true)
})

test('nothing on the port', async () => {
  expect(await health(1)).toEqual({
    code: 1,
    stdout: 'Nothing listens on port 1 (yet); the log says why.\n',
    stderr: '',
  })
})

test('a server that is stuck', async () => {
  const server = createServer(() => {}).listen(0)
  const { port } = server.address() as { port: number }
  expect(await health(port)).toEqual({
    code: 1,
    stdout: `The server takes connections on port ${port} and did not answer within 4 seconds.\n`,
    stderr: '',
  })
  server.close()
}, 120_000)
