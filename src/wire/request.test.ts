import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import vectors from '../../test/vectors/generated-vectors.json'
import { type Declared, type FlowRequest, type ParsedRequest, parseRequest as parse } from './request.ts'

const NOTHING: Declared = { fieldsOf: () => undefined, fields: new Map() }
const parseRequest = (text: string, declared = NOTHING): ParsedRequest => parse(text, declared)
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
      'a field called error that says what no client says',
      { action: 'data_exchange', data: { error: 'My card is lost' } },
      asked({ data: { error: 'My card is lost' } }),
    ],
    [
      'a field called error beside others',
      { action: 'data_exchange', data: { error: 'timeout_error', error_message: 'm', name: 'Ana' } },
      asked({ data: { error: 'timeout_error', error_message: 'm', name: 'Ana' } }),
    ],
    [
      'error notification with a key that is new',
      { action: 'data_exchange', data: { error: 'some-new-error', error_message: 'm' } },
      asked({ action: 'client_error', data: { error: 'some-new-error', error_message: 'm' } }),
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

describe('a flow that declares fields named like a notification', () => {
  const declared: Declared = {
    fieldsOf: (screen) => ({ REPORT: new Set(['error', 'error_message']), OTHER: new Set<string>() })[screen],
    fields: new Map([['error', []]]),
  }
  const data = { error: 'timeout_error', error_message: 'm' }
  const from = (screen: string, action = 'data_exchange') =>
    parseRequest(JSON.stringify({ action, screen, data }), declared)

  test('gets its fields from that screen', () => expect(from('REPORT')).toEqual(asked({ screen: 'REPORT', data })))

  test.each(['OTHER', 'GONE', ''])('and notifications from %p', (screen) =>
    expect(from(screen)).toEqual(asked({ action: 'client_error', screen, data })),
  )

  test('does not make `navigate` something to submit by', () =>
    expect(from('REPORT', 'navigate')).toEqual(malformed('an action of 8 characters is not one that Meta documents')))
})

describe('what is too much', () => {
  const many = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`made-up-${index}`, 'v']))
  const declared: Declared = {
    fieldsOf: () => new Set(['name', 'files']),
    fields: new Map([
      ['name', 0],
      ['files', 0],
      ['gone', 0],
    ]),
  }

  test('of so many values, only what is declared is looked at', () => {
    const data = { ...many, name: 'Ana', files: [{ media_id: 'm' }], __proto__: null }
    expect(parseRequest(JSON.stringify({ action: 'data_exchange', data }), declared)).toEqual(
      asked({ data: { name: 'Ana', files: [{ media_id: 'm' }] }, cutFrom: expect.any(Number) as never }),
    )
  })

  test.each([
    ['a list', Array(70_000).fill(1)],
    ['names', many],
    ['lists in lists', Array(300).fill(Array(300).fill(1))],
  ])('and nothing that is itself too much: %s', (_name, files) => {
    const data = { files, name: 'Ana' }
    const parsed = parseRequest(JSON.stringify({ action: 'data_exchange', data }), declared)
    expect(parsed).toMatchObject({ request: { cutFrom: expect.any(Number) } })
    expect(parsed.kind === 'request' && parsed.request.data).toEqual({ name: 'Ana' })
  })
})

describe('half a character', () => {
  test.each([
    ['in a value', '"\\ud83d"', '\ufffd'],
    ['in capitals', '"\\uDE00!"', '\ufffd!'],
    ['beside a whole one', '"\\ud83d\\ude00\\ud83d"', '\u{1f600}\ufffd'],
    ['two in the wrong order', '"\\ude00\\ud83d"', '\ufffd\ufffd'],
    ['after what only looks like the other half', '"\\\\ud83d\\ude00"', '\\ud83d\ufffd'],
    ['that is not one', '"\\\\ud83d"', '\\ud83d'],
  ])('%s is made whole', (_name, json, text) => {
    const parsed = parseRequest(`{"action":"data_exchange","flow_token":${json},"data":{${json}:[{"a":${json}}]}}`)
    expect(parsed).toEqual(asked({ token: text, data: { [text]: [{ a: text }] } }))
  })

  test('nothing else is changed, and nothing is left ill-formed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.jsonValue({ stringUnit: 'binary', maxDepth: 2 }),
        (token, value) => {
          if (token.length > 4_096) return
          const parsed = parseRequest(JSON.stringify({ action: 'data_exchange', flow_token: token, data: { value } }))
          const whole = JSON.parse(JSON.stringify(value), (_, item) =>
            typeof item === 'string' ? item.toWellFormed() : item,
          )
          if (parsed.kind !== 'request') throw new Error(parsed.kind)
          expect(parsed.request.token).toBe(token.toWellFormed())
          if (JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(value)))
            expect(parsed.request.data).toEqual({ value: whole })
          expect(/\\ud[89a-f]/i.test(JSON.stringify(parsed.request.data).replaceAll('\\\\', ''))).toBe(false)
        },
      ),
    )
  })
})

describe('what nobody should send', () => {
  const nested = (depth: number) => `{"action":"INIT","data":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}`
  const undocumented = (found: string) => malformed(`${found} is not one that Meta documents`)

  test.each<[name: string, text: string, parsed: ParsedRequest]>([
    ['nothing', '', malformed('the decrypted request is not JSON')],
    ['half an object', '{"action":"INIT"', malformed('the decrypted request is not JSON')],
    ['a list', '[]', malformed('the decrypted request is not a JSON object')],
    ['null', 'null', malformed('the decrypted request is not a JSON object')],
    ['a number', '3', malformed('the decrypted request is not a JSON object')],
    ['no action', '{}', undocumented('no action')],
    ['an unknown action', '{"action":"DELETE"}', undocumented('an action of 6 characters')],
    ['an action in other letters', '{"action":"init"}', undocumented('an action of 4 characters')],
    ['a list of actions', '{"action":["INIT"]}', undocumented('an action that is no text')],
    ['navigate that reports no error', '{"action":"navigate"}', undocumented('an action of 8 characters')],
    ['__proto__ as action', '{"action":"__proto__"}', undocumented('an action of 9 characters')],
    ['constructor as action', '{"action":"constructor"}', undocumented('an action of 11 characters')],
    [
      'constructor reporting an error',
      '{"action":"constructor","data":{"error":"x"}}',
      undocumented('an action of 11 characters'),
    ],
    ['an action under __proto__', '{"__proto__":{"action":"INIT"}}', undocumented('no action')],
    ['an endless action', JSON.stringify({ action: 'x'.repeat(5_000) }), undocumented('an action of 5000 characters')],
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
