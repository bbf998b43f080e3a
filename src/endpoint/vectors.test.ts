import { describe, expect, test } from 'bun:test'
import { createPrivateKey } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configWith, makeFolder } from '../../test/kit.ts'
import vectors from '../../test/vectors/generated-vectors.json' with { type: 'json' }
import { createApp } from '../app.ts'
import { createLog } from '../lib/log.ts'
import { signBody } from '../simulate/client.ts'

describe('the vectors of another implementation', () => {
  test('every case and every negative case gets its status, and replies decrypt', async () => {
    const folder = await makeFolder(
      configWith(`
vectors:
  start: WELCOME
  screens:
    WELCOME: { next: CONFIRM }
    CONFIRM: { complete: { ref: A-1 } }
  tokens: { accept: "token != 'expired'", expired_message: The order has already been placed }
`),
    )
    const pem = createPrivateKey(vectors.keys.pkcs8).export({ type: 'pkcs8', format: 'pem' })
    await writeFile(join(folder.path, 'keys/flow-private.pem'), pem)
    await writeFile(join(folder.path, 'keys/app-secret'), vectors.app_secret)
    expect(await readFile(join(folder.path, 'keys/app-secret'), 'utf8')).toBe(vectors.app_secret)
    const app = await createApp(await folder.load(), { log: createLog('silent') })
    const post = (body: string, signature: string) =>
      app.handle(
        new Request('http://localhost/flows/vectors', {
          method: 'POST',
          body,
          headers: { 'x-hub-signature-256': signature },
        }),
      )
    for (const { name, raw_body, x_hub_signature_256, response_status, response_body_base64 } of vectors.cases) {
      const response = await post(raw_body, x_hub_signature_256)
      expect({ name, status: response.status }).toEqual({ name, status: response_status })
      const body = await response.text()
      if (/^(ping|error_notification|invalid_token)/.test(name))
        expect({ name, body }).toEqual({ name, body: response_body_base64 })
      expect((await post(raw_body, `sha256=${'0'.repeat(64)}`)).status).toBe(432)
    }
    for (const { name, raw_body, expected_status } of vectors.negative_cases) {
      const { status } = await post(raw_body, signBody(raw_body, vectors.app_secret))
      expect({ name, status }).toEqual({ name, status: expected_status })
    }
    await app.stop()
    await folder.remove()
  })
})
