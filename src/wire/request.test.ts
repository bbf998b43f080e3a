import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import vectors from '../../test/vectors/generated-vectors.json'
import { type FlowRequest, type ParsedRequest, parseRequest } from './request.ts'

const bare: FlowRequest = { action: 'submit', version: '3.0', screen: '', data: {}, token: '' }
const asked = (request: Partial<FlowRequest>): ParsedRequest => ({ kind: 'request', request: { ...bare, ...request } })
const malformed = (detail: string): ParsedRequest => ({ kind: 'malformed', detail })

describe('what Meta’s clients send', () => {
  test.each<[name: string, plain: object, parsed: ParsedRequest]>([
    ['ping', { version: '3.0', action: 'ping' }, { kind: 'ping' }],
    ['ping with data', { action: 'ping', data: { error: 'x' }, flow_token: 5 }, { kind: 'ping' }],
    [
      'INIT with an empty screen',
      { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: 'f' },
      asked({ action: 'init', token: 'f' }),
    ],
    ['INIT with nothing', { action: 'INIT' }, asked({ action: 'init' })],
    ['BACK', { action: 'BACK', screen: 'CONFIRM', data: {} }, asked({ action: 'back', screen: 'CONFIRM' })],
    ['BACK without a screen', { action: 'BACK', flow_token: 'f' }, asked({ action: 'back', token: 'f' })],
    [
      'data_exchange',
      { action: 'data_exchange', screen: 'A', data: { n: 3, ok: true, list: ['a'] }, flow_token: 'f' },
      asked({ screen: 'A', data: { n: 3, ok: true, list: ['a'] }, token: 'f' }),
    ],
    [
      'error notification, as the client sends it',
      { action: 'data_exchange', screen: 'A', data: { error: 'payload-schema-error', error_message: 'm' } },
      asked({ action: 'client_error', screen: 'A', data: { error: 'payload-schema-error', error_message: 'm' } }),
    ],
    [
      'error notification, as it is documented',
      { action: 'INIT', data: { error_key: 'timeout_error' } },
      asked({ action: 'client_error', data: { error_key: 'timeout_error' } }),
    ],
    [
      'error notification with an empty key',
      { action: 'data_exchange', data: { error: '', error_message: 'm' } },
      asked({ action: 'client_error', data: { error: '', error_message: 'm' } }),
    ],
    [
      'error notification of a message sent with navigate',
      { action: 'navigate', data: { error: 'invalid-screen-transition' } },
      asked({ action: 'client_error', data: { error: 'invalid-screen-transition' } }),
    ],
    [
      'a field that happens to be called error_message',
      { action: 'data_exchange', data: { error_message: 'The tap leaks' } },
      asked({ data: { error_message: 'The tap leaks' } }),
    ],
    [
      'a field called error that is no text',
      { action: 'data_exchange', data: { error: { a: 1 }, error_key: 4 } },
      asked({ data: { error: { a: 1 }, error_key: 4 } }),
    ],
    ['a version as a number', { action: 'INIT', version: 300 }, asked({ action: 'init', version: 300 })],
    [
      'a signed token',
      { action: 'INIT', flow_token_signature: 'a.b.c' },
      asked({ action: 'init', tokenSignature: 'a.b.c' }),
    ],
    [
      'nulls where there is nothing',
      { action: 'INIT', version: null, screen: null, data: null, flow_token: null, flow_token_signature: null },
      asked({ action: 'init' }),
    ],
  ])('%s', (_name, plain, parsed) => {
    expect(parseRequest(JSON.stringify(plain))).toEqual(parsed)
  })

  test.each(vectors.cases.map((vector) => [vector.name, vector.plain_request] as const))('%s', (_name, plain) => {
    expect(parseRequest(JSON.stringify(plain)).kind).toBe(plain.action === 'ping' ? 'ping' : 'request')
  })
})

describe('what nobody should send', () => {
  const nested = (depth: number) => `{"action":"INIT","data":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}`
  const undocumented = (shown: string) => malformed(`action ${shown} is not one that Meta documents`)

  test.each<[name: string, text: string, parsed: ParsedRequest]>([
    ['nothing', '', malformed('the decrypted request is not JSON')],
    ['half an object', '{"action":"INIT"', malformed('the decrypted request is not JSON')],
    ['a list', '[]', malformed('the decrypted request is not a JSON object')],
    ['null', 'null', malformed('the decrypted request is not a JSON object')],
    ['a number', '3', malformed('the decrypted request is not a JSON object')],
    ['no action', '{}', undocumented('undefined')],
    ['an unknown action', '{"action":"DELETE"}', undocumented('"DELETE"')],
    ['an action in other letters', '{"action":"init"}', undocumented('"init"')],
    ['a list of actions', '{"action":["INIT"]}', undocumented('["INIT"]')],
    ['navigate that reports no error', '{"action":"navigate"}', undocumented('"navigate"')],
    ['__proto__ as action', '{"action":"__proto__"}', undocumented('"__proto__"')],
    ['constructor as action', '{"action":"constructor"}', undocumented('"constructor"')],
    ['constructor reporting an error', '{"action":"constructor","data":{"error":"x"}}', undocumented('"constructor"')],
    ['an action under __proto__', '{"__proto__":{"action":"INIT"}}', undocumented('undefined')],
    ['an endless action', JSON.stringify({ action: 'x'.repeat(5_000) }), undocumented(`"${'x'.repeat(59)}`)],
    ['a version that is neither', '{"action":"INIT","version":{}}', malformed('version is not a string')],
    ['a screen that is a number', '{"action":"INIT","screen":1}', malformed('screen is not a string')],
    [
      'an endless screen',
      JSON.stringify({ action: 'INIT', screen: 'A'.repeat(201) }),
      malformed('screen is longer than 200 characters'),
    ],
    ['data that is a list', '{"action":"INIT","data":[]}', malformed('data is not an object')],
    ['data that is text', '{"action":"INIT","data":"{}"}', malformed('data is not an object')],
    ['a token that is a number', '{"action":"INIT","flow_token":7}', malformed('flow_token is not a string')],
    [
      'an endless token',
      JSON.stringify({ action: 'INIT', flow_token: 'f'.repeat(4_097) }),
      malformed('flow_token is longer than 4096 characters'),
    ],
    [
      'a signature that is no text',
      '{"action":"INIT","flow_token_signature":{}}',
      malformed('flow_token_signature is not a string'),
    ],
    ['deep nesting', nested(63), malformed('the request nests deeper than 64 levels')],
    [
      'many values',
      `{"action":"INIT","data":{"v":[${'0,'.repeat(10_000)}0]}}`,
      malformed('the request holds more than 10000 values'),
    ],
    ['very deep nesting', nested(300_000), malformed('the request nests deeper than 64 levels')],
  ])('%s', (_name, text, parsed) => {
    expect(parseRequest(text)).toEqual(parsed)
  })

  test('nesting up to the limit is taken', () => expect(parseRequest(nested(62)).kind).toBe('request'))

  test('brackets inside text are no nesting', () => {
    const data = { note: `${'[{'.repeat(500)}"\\` }
    expect(parseRequest(JSON.stringify({ action: 'data_exchange', data }))).toEqual(asked({ data }))
  })

  test('data named __proto__ stays a property like any other', () => {
    const parsed = parseRequest('{"action":"data_exchange","data":{"__proto__":{"required":false},"a":1}}')
    if (parsed.kind !== 'request') throw new Error(parsed.kind)
    expect(Object.keys(parsed.request.data)).toEqual(['__proto__', 'a'])
    expect(Object.getPrototypeOf(parsed.request.data)).toBe(Object.prototype)
  })

  test('any text and any JSON is answered with a value', () => {
    const anyRequest = fc
      .record(
        {
          action: fc.oneof(fc.constantFrom('ping', 'INIT', 'BACK', 'data_exchange', 'navigate'), fc.jsonValue()),
          version: fc.jsonValue(),
          screen: fc.jsonValue(),
          data: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())),
          flow_token: fc.jsonValue(),
          flow_token_signature: fc.jsonValue(),
        },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value))
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), anyRequest), (text) => {
        const parsed = parseRequest(text)
        if (parsed.kind !== 'request') return
        expect(typeof parsed.request.screen).toBe('string')
        expect(typeof parsed.request.token).toBe('string')
        expect(parsed.request.data).toBeObject()
      }),
    )
  })
})
