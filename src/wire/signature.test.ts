import { describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import vectors from '../../test/vectors/generated-vectors.json'
import { signatureProblem, tokenSignatureProblem } from './signature.ts'

const secret = vectors.app_secret
const bytes = (text: string) => new TextEncoder().encode(text)

describe('X-Hub-Signature-256', () => {
  test.each(vectors.cases.map((vector) => [vector.name, vector] as const))('of %s is right', (_name, vector) => {
    expect(signatureProblem(vector.x_hub_signature_256, bytes(vector.raw_body), [secret])).toBeUndefined()
  })

  const [vector] = vectors.cases
  const body = bytes(vector?.raw_body ?? '')
  const right = vector?.x_hub_signature_256 ?? ''
  const hex = right.slice('sha256='.length)
  const FORM = 'the X-Hub-Signature-256 header is not sha256= and 64 hex digits'
  const FOREIGN = 'the signature is not made with any of our app secrets'

  test.each<[name: string, header: string | null, secrets: string[], problem: string | undefined]>([
    ['missing', null, [secret], 'the X-Hub-Signature-256 header is missing'],
    ['empty', '', [secret], FORM],
    ['without its scheme', hex, [secret], FORM],
    ['of another scheme', `sha1=${hex}`, [secret], FORM],
    ['short', right.slice(0, -2), [secret], FORM],
    ['long', `${right}00`, [secret], FORM],
    ['not hex', `sha256=${'g'.repeat(64)}`, [secret], FORM],
    ['of another body', `sha256=${createHmac('sha256', secret).update('{}').digest('hex')}`, [secret], FOREIGN],
    ['under another secret', right, ['another'], FOREIGN],
    ['where we have no secret', right, [], FOREIGN],
    ['in upper case', `sha256=${hex.toUpperCase()}`, [secret], undefined],
    ['with blanks around it', ` ${right} `, [secret], undefined],
    ['under the newer of two secrets', right, [secret, 'old'], undefined],
    ['under the older of two secrets', right, ['new', secret], undefined],
  ])('%s', (_name, header, secrets, problem) => {
    expect(signatureProblem(header, body, secrets)).toBe(problem)
  })

  test('is over the bytes as received: an escaped slash is not a slash', () => {
    const escaped = bytes(String.raw`{"a":"b\/c"}`)
    const header = `sha256=${createHmac('sha256', secret).update(escaped).digest('hex')}`
    expect(signatureProblem(header, escaped, [secret])).toBeUndefined()
    expect(signatureProblem(header, bytes('{"a":"b/c"}'), [secret])).toBe(FOREIGN)
  })

  test('any header over any bytes is answered with a value', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (header, body) => {
        expect(typeof signatureProblem(header, body, [secret])).toBe('string')
      }),
    )
  })
})

describe('flow_token_signature', () => {
  const jwt = vectors.flow_token_signature_jwt
  const token = 'tok_5f1c0a3e-vector'
  const [header, , signature] = jwt.split('.')
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = (head: unknown, payload: unknown) => {
    const text = `${part(head)}.${part(payload)}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const HS256 = { alg: 'HS256', typ: 'JWT' }
  const NO_JWT = 'flow_token_signature is not a JWT'
  const ALGORITHM = 'flow_token_signature is not signed with HS256'
  const FOREIGN = 'flow_token_signature is not made with any of our app secrets'
  const OTHER_TOKEN = 'flow_token_signature names another flow token'

  test.each<[name: string, jwt: string, token: string, secrets: string[], problem: string | undefined]>([
    ['the vector is right', jwt, token, [secret], undefined],
    ['either secret of a rotation is right', jwt, token, ['new', secret], undefined],
    [
      'an expiry is not asked for and does no harm',
      signed(HS256, { flow_token: token, exp: 1 }),
      token,
      [secret],
      undefined,
    ],
    ['of another token', jwt, 'tok_other', [secret], OTHER_TOKEN],
    ['of no token, for no token', signed(HS256, {}), '', [secret], OTHER_TOKEN],
    ['of a payload that is no object', signed(HS256, null), token, [secret], OTHER_TOKEN],
    ['under another secret', jwt, token, ['another'], FOREIGN],
    ['payload changed', `${header}.${part({ flow_token: 'mine' })}.${signature}`, 'mine', [secret], FOREIGN],
    ['signature cut', jwt.slice(0, -3), token, [secret], FOREIGN],
    ['alg none', `${part({ alg: 'none' })}.${part({ flow_token: token })}.x`, token, [secret], ALGORITHM],
    ['alg none with a right signature', signed({ alg: 'none' }, { flow_token: token }), token, [secret], ALGORITHM],
    ['no signature', `${part(HS256)}.${part({ flow_token: token })}.`, token, [secret], NO_JWT],
    ['four parts', `${jwt}.x`, token, [secret], NO_JWT],
    ['empty', '', token, [secret], NO_JWT],
    ['dots', '..', token, [secret], NO_JWT],
    ['no base64, no JSON', '!.?.*', token, [secret], ALGORITHM],
  ])('%s', (_name, jwt, token, secrets, problem) => {
    expect(tokenSignatureProblem(jwt, token, secrets)).toBe(problem)
  })

  test('any text is answered with a value', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.tuple(fc.json(), fc.json(), fc.string()).map(([head, payload, end]) => {
        return `${Buffer.from(head).toString('base64url')}.${Buffer.from(payload).toString('base64url')}.${end}`
      }),
    )
    fc.assert(fc.property(anything, (jwt) => expect(typeof tokenSignatureProblem(jwt, token, [secret])).toBe('string')))
  })
})
