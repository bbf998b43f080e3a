import { beforeAll, describe, expect, test } from 'bun:test'
import {
  constants,
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import fc from 'fast-check'
import vectors from '../../test/vectors/generated-vectors.json'
import { type Envelope, openEnvelope, parseEnvelope, sealedBytes, sealReply } from './envelope.ts'
import { type FlowKey, importFlowKey } from './keys.ts'

const newPair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

let key: FlowKey
let other: FlowKey
beforeAll(async () => {
  key = await importFlowKey(vectors.keys.pkcs8)
  other = await importFlowKey(newPair().privateKey)
})

describe('the vectors, made by another implementation', () => {
  test.each(vectors.cases.map((vector) => [vector.name, vector] as const))('%s', async (_name, vector) => {
    const opened = await openEnvelope(envelopeOf(vector.raw_body), [key])
    if (!opened.ok) throw new Error(opened.detail)
    expect(JSON.parse(opened.text)).toEqual(vector.plain_request)
    expect(opened.replyKey.aesKey.toString('hex')).toBe(vector.aes_key_hex)
    expect(opened.replyKey.iv.toString('hex')).toBe(vector.iv_hex)
    expect(sealReply(vector.response_plaintext, opened.replyKey)).toBe(vector.response_body_base64)
  })

  test.each([
    ['wrong_public_key', 'none of our private keys opens the AES key'],
    ['oaep_sha1', 'none of our private keys opens the AES key'],
    ['bad_gcm_tag', 'the flow data does not pass its authentication tag'],
    ['truncated_payload', 'the flow data is shorter than its authentication tag'],
  ])('%s is refused', async (name, detail) => {
    const vector = vectors.negative_cases.find((vector) => vector.name === name)
    expect(await openEnvelope(envelopeOf(vector?.raw_body ?? ''), [key])).toEqual({ ok: false, detail })
  })

  test('no negative vector is left out', () => expect(vectors.negative_cases).toHaveLength(4))
})

describe('keys', () => {
  const [first] = vectors.cases

  test('all keys are tried, so that a rotation loses no request', async () => {
    const envelope = envelopeOf(first?.raw_body ?? '')
    expect((await openEnvelope(envelope, [other, key])).ok).toBe(true)
    expect((await openEnvelope(envelope, [key, other])).ok).toBe(true)
    expect((await openEnvelope(envelope, [other])).ok).toBe(false)
    expect((await openEnvelope(envelope, [])).ok).toBe(false)
  })

  test.each([16, 32])('an AES key of %d bytes opens and seals', async (bytes) => {
    const text = 'Olá 👋 – ¿qué tal?'
    const sealed = seal(text, { aesKey: randomBytes(bytes) })
    const opened = await openEnvelope(sealed.envelope, [key])
    if (!opened.ok) throw new Error(opened.detail)
    expect(opened.text).toBe(text)
    const reply = sealReply('resposta €', opened.replyKey)
    expect(unseal(reply, sealed)).toBe('resposta €')
    expect(reply).toHaveLength(sealedBytes(Buffer.byteLength('resposta €')))
  })

  test.each([
    ['an AES key of 15 bytes', { aesKey: randomBytes(15) }, 'the AES key has 15 bytes; expected 16 or 32'],
    ['an empty AES key', { aesKey: Buffer.alloc(0) }, 'the AES key has 0 bytes; expected 16 or 32'],
    ['an initial vector of 12 bytes', { iv: randomBytes(12) }, 'the initial vector has 12 bytes; expected 16'],
  ])('%s is refused', async (_name, parts, detail) => {
    expect(await openEnvelope(seal('{}', parts).envelope, [key])).toEqual({ ok: false, detail })
  })
})

describe('any bytes whatever are answered with a value', () => {
  const base64 = fc.oneof(
    fc.string(),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  )

  test('as the three strings', async () => {
    const envelope = fc.record({ encrypted_flow_data: base64, encrypted_aes_key: base64, initial_vector: base64 })
    const never = async (envelope: Envelope) => expect((await openEnvelope(envelope, [key])).ok).toBe(false)
    await fc.assert(fc.asyncProperty(envelope, never))
  })

  test('under an AES key of ours, changed in one bit anywhere', async () => {
    const { envelope } = seal('{"action":"INIT"}')
    const sealed = Buffer.from(envelope.encrypted_flow_data, 'base64')
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: sealed.length * 8 - 1 }), async (bit) => {
        const changed = Buffer.from(sealed)
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
        const opened = await openEnvelope({ ...envelope, encrypted_flow_data: changed.toString('base64') }, [key])
        expect(opened).toEqual({ ok: false, detail: 'the flow data does not pass its authentication tag' })
      }),
    )
  })

  test('as a body', () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString()),
    )
    fc.assert(fc.property(body, (body) => expect(parseEnvelope(body)).toHaveProperty('problem')))
  })
})

test.each([
  ['', 'the body is not JSON'],
  ['{', 'the body is not JSON'],
  ['['.repeat(500_000), 'the body is not JSON'],
  ['null', 'the body is not a JSON object'],
  ['[]', 'the body is not a JSON object'],
  ['"x"', 'the body is not a JSON object'],
  ['{}', 'encrypted_flow_data is not a string'],
  ['{"encrypted_flow_data":1}', 'encrypted_flow_data is not a string'],
  ['{"encrypted_flow_data":""}', 'encrypted_aes_key is not a string'],
  ['{"encrypted_flow_data":"","encrypted_aes_key":""}', 'initial_vector is not a string'],
])('a body that is no envelope says why: %p', (body, problem) => {
  expect(parseEnvelope(body)).toEqual({ problem })
})

test('escaped slashes in the base64 are read as slashes', () => {
  const body = String.raw`{"encrypted_flow_data":"a\/b","encrypted_aes_key":"","initial_vector":""}`
  expect(parseEnvelope(body)).toMatchObject({ encrypted_flow_data: 'a/b' })
})

type Sealed = { readonly envelope: Envelope; readonly aesKey: Buffer; readonly iv: Buffer }

/** What Meta's client does. */
function seal(text: string, { aesKey = randomBytes(16), iv = randomBytes(16) } = {}): Sealed {
  const isUsable = aesKey.length === 16 || aesKey.length === 32
  const cipher = createCipheriv(
    aesKey.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm',
    isUsable ? aesKey : randomBytes(16),
    iv,
  )
  const flowData = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  const wrapped = publicEncrypt({ key: vectors.keys.public_spki, ...padding }, aesKey)
  const envelope = {
    encrypted_flow_data: flowData.toString('base64'),
    encrypted_aes_key: wrapped.toString('base64'),
    initial_vector: iv.toString('base64'),
  }
  return { envelope, aesKey, iv }
}

function unseal(reply: string, { aesKey, iv }: Sealed): string {
  const bytes = Buffer.from(reply, 'base64')
  const algorithm = aesKey.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm'
  const decipher = createDecipheriv(algorithm, aesKey, Buffer.from(iv.map((byte) => byte ^ 0xff)))
  decipher.setAuthTag(bytes.subarray(-16))
  return decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')
}

function envelopeOf(body: string): Envelope {
  const envelope = parseEnvelope(body)
  if ('problem' in envelope) throw new Error(envelope.problem)
  return envelope
}
