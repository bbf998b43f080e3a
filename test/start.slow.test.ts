// What a start does not wait for.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { createServer, type Server } from 'node:net'
import { clientOf, type Folder, makeFolder } from './kit.ts'
import { type Served, serve } from './process.ts'
import { until } from './until.ts'

/** Of tcpmux, which no machine has any more: it refuses. */
const REFUSES = 1
const GIVEN_UP = 'the store is not there yet; events wait in the journal'
const INIT = { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: 'early' }

describe('a MongoDB that', () => {
  let silent: Server
  let folder: Folder
  let served: Served | undefined
  beforeEach(async () => {
    silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  })
  afterEach(async () => {
    await served?.kill()
    silent.close()
    await folder.remove()
  })

  test.each([
    ['refuses', () => REFUSES],
    ['accepts and never answers', () => (silent.address() as { port: number }).port],
  ])(
    '%s keeps nobody waiting: people are answered before it is given up, and it is ready for more',
    async (_, port) => {
      folder = await makeFolder(undefined, `mongodb://127.0.0.1:${port()}/trails`)
      served = await serve(folder)
      const base = `http://localhost:${served.port}`
      const { status } = await clientOf(fetch, folder, base).send('repair-booking', INIT)
      expect(status).toBe(200)
      expect(served.output()).not.toContain(GIVEN_UP)
      expect((await fetch(`${base}/ready`)).status).toBe(200)
      await until('it is given up for the moment', () => served?.output().includes(GIVEN_UP) ?? false)
    },
  )
})
