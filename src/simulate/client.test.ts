import { describe, expect, test } from 'bun:test'
import { constants, createDecipheriv, createHmac, createPrivateKey, createPublicKey, privateDecrypt } from 'node:crypto'
import vectors from '../../test/vectors/generated-vectors.json' with { type: 'json' }
import { openReply, sealRequest, signBody, signToken } from './client.ts'

const privateKey = createPrivateKey(vectors.keys.pkcs8)
const publicKey = createPublicKey(privateKey)

/** What an endpoint does with a request, in node:crypto alone. */
function openRequest(body: string): { text: string; key: string; iv: string } {
  const { encrypted_flow_data, encrypted_aes_key, initial_vector } = JSON.parse(body)
  const wrapped = Buffer.from(encrypted_aes_key, 'base64')
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const key = privateDecrypt({ key: privateKey, padding, oaepHash: 'sha256' }, wrapped)
  const iv = Buffer.from(initial_vector, 'base64')
  const data = Buffer.from(encrypted_flow_data, 'base64')
  const decipher = createDecipheriv('aes-128-gcm', key, iv).setAuthTag(data.subarray(-16))
  const text = Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]).toString()
  return { text, key: key.toString('hex'), iv: iv.toString('hex') }
}

describe('the phone’s side of the envelope', () => {
  test.each(vectors.cases)('reads the reply of $name', ({ aes_key_hex, iv_hex, response_body_base64, ...vector }) => {
    const secret = { key: Buffer.from(aes_key_hex, 'hex'), iv: Buffer.from(iv_hex, 'hex') }
    expect(openReply(response_body_base64, secret)).toEqual({ ok: true, reply: JSON.parse(vector.response_plaintext) })
  })

  test.each(vectors.cases)('signs the body of $name as Meta does', ({ raw_body, x_hub_signature_256 }) => {
    expect(signBody(raw_body, vectors.app_secret)).toBe(x_hub_signature_256)
  })

  test('signs a flow token as Meta does', () => {
    expect(signToken('tok_5f1c0a3e-vector', vectors.app_secret)).toBe(vectors.flow_token_signature_jwt)
  })

  test('seals a request that the private key opens, with a fresh 16-byte key and IV each time', () => {
    const request = { version: '4.0', action: 'INIT', flow_token: 'olá 👋' }
    const [first, second] = [0, 1].map(() => openRequest(sealRequest(request, publicKey, undefined).body))
    expect(JSON.parse(first?.text ?? '')).toEqual(request)
    expect(first?.key).toHaveLength(32)
    expect(first?.iv).toHaveLength(32)
    expect(second?.key).not.toBe(first?.key)
    expect(second?.iv).not.toBe(first?.iv)
  })

  test('signs exactly the bytes it sends, and nothing without a secret', () => {
    const { body, headers } = sealRequest({ action: 'ping' }, publicKey, 'secret')
    const expected = createHmac('sha256', 'secret').update(body).digest('hex')
    expect(headers['x-hub-signature-256']).toBe(`sha256=${expected}`)
    expect(sealRequest({ action: 'ping' }, publicKey, undefined).headers).not.toHaveProperty('x-hub-signature-256')
  })

  const [vector] = vectors.cases as [(typeof vectors.cases)[0]]
  const secret = { key: Buffer.from(vector.aes_key_hex, 'hex'), iv: Buffer.from(vector.iv_hex, 'hex') }
  test.each([
    ['plain JSON', '{"data":{"status":"active"}}', 'a body that is not base64: "{'],
    ['nothing', '', 'a body that is not base64: ""'],
    ['base64 in quotes', `"${vector.response_body_base64}"`, 'a body that is not base64'],
    ['a body without room for a tag', 'MTIz', 'a body of 3 bytes, too short to be encrypted'],
    ['another request’s reply', vectors.cases[1]?.response_body_base64 ?? '', "a body the request's key does not open"],
  ])('says what is wrong with %s', (_, body, found) => {
    const opened = openReply(body, secret)
    expect(opened).toMatchObject({ ok: false, found: expect.stringContaining(found) })
  })
})
