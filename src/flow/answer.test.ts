import { describe, expect, test } from 'bun:test'
import { converse, evaluateHere } from '../../test/conversation.ts'
import { flowOf } from '../../test/flow-of.ts'
import { answer, needsSession } from './answer.ts'

const booking = flowOf(`
  start: SERVICE
  screens:
    SERVICE:
      data: { services: [{ id: fast, title: Fast }, { id: slow, title: Slow }] }
      fields: { service: { type: choice, in: [fast, slow], required: true } }
      next: DAY
    DAY:
      data:
        title: "Days for {{ known.service }}"
        before: { expr: "$join(session.screens, ' ')" }
      fields: { day: { type: date, required: true } }
      next:
        - { when: known.service = 'fast', to: EXPRESS }
        - { when: "input.day = '2026-12-24'", to: CLOSED }
        - { to: SUMMARY }
    EXPRESS: { complete: { booking: "E-{{ session.id }}", day: { expr: known.day }, kind: express, fee: 25 } }
    SUMMARY: { complete: {} }
    CLOSED: {}
`)

describe('from screen to screen', () => {
  test('INIT shows the start with its data', async () => {
    const said = await converse(booking).init()
    expect(JSON.parse(said.text)).toEqual({
      version: '3.0',
      screen: 'SERVICE',
      data: {
        services: [
          { id: 'fast', title: 'Fast' },
          { id: 'slow', title: 'Slow' },
        ],
      },
    })
    expect(said).toMatchObject({ outcome: 'shown', errors: [] })
  })

  test('a submission leads to the next screen, whose data sees the input and the session before it', async () => {
    const person = converse(booking)
    await person.init()
    expect(await person.submit('SERVICE', { service: 'slow' })).toMatchObject({
      screen: 'DAY',
      outcome: 'shown',
      data: { title: 'Days for slow', before: 'SERVICE' },
    })
  })

  test.each([
    ['fast', '2026-12-24', 'EXPRESS'],
    ['slow', '2026-12-24', 'CLOSED'],
    ['slow', '2026-12-23', 'SUMMARY'],
  ])('%s on %s leads to %s: the first branch that holds', async (service, day, screen) => {
    const person = converse(booking)
    await person.init()
    await person.submit('SERVICE', { service })
    expect(await person.submit('DAY', { day })).toMatchObject({ screen, outcome: 'shown', errors: [] })
  })

  test('completing forwards the params, of expressions and fixed ones, and always the token', async () => {
    const person = converse(booking)
    await person.init()
    await person.submit('SERVICE', { service: 'fast' })
    await person.submit('DAY', { day: '2026-03-05' })
    const said = await person.submit('EXPRESS')
    const params = {
      booking: `E-${person.session()?.id}`,
      day: '2026-03-05',
      kind: 'express',
      fee: 25,
      flow_token: 'token-1',
    }
    expect(said).toMatchObject({ screen: 'SUCCESS', outcome: 'completed', errors: [] })
    expect(said.data).toEqual({ extension_message_response: { params } })
    expect((await person.submit('SUMMARY')).data).toEqual({
      extension_message_response: { params: { flow_token: 'token-1' } },
    })
  })

  test.each([['3.0'], ['4.0'], [300], ['']])('the version %p comes back as it came', async (version) => {
    const { text } = await converse(booking).init({ version })
    expect(JSON.parse(text).version).toBe(version)
  })
})

describe('what goes wrong keeps the person where they are and is recorded', () => {
  test('a screen the config does not know', async () => {
    const person = converse(booking)
    await person.init()
    await person.submit('SERVICE', { service: 'slow' })
    expect(await person.submit('PAYMENT', { day: '2026-03-05' })).toMatchObject({
      screen: 'DAY',
      outcome: 'failed',
      data: { title: 'Days for slow', error_message: 'Something went wrong on our side. Please try again.' },
      errors: [
        {
          code: 'unknown_screen',
          message: 'the request came from a screen that the config does not define; its name has 7 characters',
        },
      ],
    })
  })

  test('one that comes near to a screen of the config is told by that one', async () => {
    const { errors } = await converse(booking).submit('SUMARY')
    expect(errors[0]?.message).toEndWith('its name has 6 characters; SUMMARY has nearly the same name')
  })

  test.each(['PAYMENT', '', 'constructor', '__proto__'])('with no history, from %p: the start', async (screen) => {
    const said = await converse(booking).submit(screen)
    expect(said).toMatchObject({ screen: 'SERVICE', outcome: 'failed', errors: [{ code: 'unknown_screen' }] })
  })

  test('a screen that leads nowhere', async () => {
    expect(await converse(booking).submit('CLOSED')).toMatchObject({
      screen: 'CLOSED',
      outcome: 'failed',
      data: { error_message: 'Something went wrong on our side. Please try again.' },
      errors: [{ code: 'no_next', message: "no branch of CLOSED's next applies" }],
    })
  })

  const broken = flowOf(`
    start: A
    failure_message: Call us
    screens:
      A:
        next: [{ when: input.age + 1 > 18, to: B }, { to: C }]
      B: { next: [{ when: "false", to: A }] }
      C: { data: { x: { expr: -input.age }, y: 1 }, complete: { age: { expr: $number(input.age) }, ok: "yes" } }
  `)

  test('a branch that fails to run does not hold; data that fails to run is left out', async () => {
    const said = await converse(broken).submit('A', { age: 'old' })
    expect(said).toMatchObject({ screen: 'C', outcome: 'shown' })
    expect(said.data).toEqual({ y: 1 })
    expect(said.errors).toMatchObject([
      { code: 'expression_failed', message: expect.stringContaining('input.age + 1 > 18: The left side of the "+"') },
      { code: 'expression_failed', field: 'x', message: expect.stringContaining('-input.age: Cannot negate') },
    ])
  })

  test('no branch that holds, in the author’s own words', async () => {
    const said = await converse(broken).submit('B')
    expect(said).toMatchObject({ screen: 'B', outcome: 'failed', data: { error_message: 'Call us' } })
  })

  test('a completion goes on without the param that fails', async () => {
    const said = await converse(broken).submit('C', { age: 'old' })
    expect(said.data).toEqual({ extension_message_response: { params: { ok: 'yes', flow_token: 'token-1' } } })
    expect(said).toMatchObject({ outcome: 'completed', errors: [{ code: 'expression_failed', field: 'age' }] })
  })

  test('what people typed is in no error, whichever way an expression fails', async () => {
    const expressions = [
      '$number(input.name)',
      '-input.name',
      'input.name > 1',
      '1 < input.name',
      '$toMillis(input.name)',
      '$eval(input.name)',
      "$error('no ' & input.name)",
      '$assert(false, input.name)',
      '{input.list: 1}',
      '$sqrt(-$length(input.name) / 0)',
      '$formatBase(1, $length(input.name) * 1000)',
      '$decodeUrl(input.name)',
      '18 < input.age',
      '{input.age: 1, "x" & input.age: input.age.(-$)}',
      '$uppercase(input.list)',
      '$eval(input.code)',
      'input.name(1)',
    ]
    const flow = flowOf(`start: A
screens: { A: { next: B }, B: { data: { ${expressions.map((text, i) => `d${i}: { expr: ${JSON.stringify(text)} }`)} } } }`)
    const typed = 'Maria-da-Silva %E0%A4%A 9000'
    const said = await converse(flow).submit('A', {
      name: typed,
      list: [typed],
      age: 'eighteen 18 Maria',
      code: '$silva(9000)',
    })
    expect(said.errors).toHaveLength(expressions.length)
    expect(JSON.stringify(said.errors)).not.toMatch(/maria|silva|9000|eighteen/i)
    for (const { message } of said.errors) expect(message).toMatch(/^.*: [A-Z$][^:]*(?: \(at character \d+\))?$/)
  })
})

describe('exchanges of a component and numbered requests', () => {
  const search = flowOf(`
    start: A
    trigger: input.trigger
    sequence: input.seq
    screens:
      A: { next: B }
      B:
        data: { found: { expr: "'for ' & input.q" } }
        fields: { q: { type: text, required: true, min: 5 } }
        next: C
      C: { data: { q: { expr: input.q } } }
  `)

  test('a trigger shows the same screen with data for its input, and refuses nothing', async () => {
    const person = converse(search)
    await person.submit('A')
    const said = await person.submit('B', { trigger: 'q_typed', q: 'ab' })
    expect(said).toMatchObject({ screen: 'B', outcome: 'shown', trigger: 'q_typed', data: { found: 'for ab' } })
    expect((await person.submit('B', { q: 'ab' })).data).toMatchObject({ found: 'for ab' })
    expect(await person.submit('B', { q: 'abcde' })).toMatchObject({ screen: 'C', data: { q: 'abcde' } })
  })

  test.each([
    [7, '7'],
    ['a7', 'a7'],
    ['x'.repeat(100), 'x'.repeat(100)],
    ['', undefined],
    [true, undefined],
    [{}, undefined],
  ])('the sequence %p is noted as %p', async (seq, noted) => {
    expect((await converse(search).submit('A', { seq })).sequence).toBe(noted)
  })
})

describe('tokens', () => {
  const guarded = flowOf(`
    start: A
    tokens: { accept: "$contains(token, /^ok-/) and (session.startedAt > now - 1000)" }
    screens: { A: {} }
  `)
  const context = {
    callApi: () => Promise.reject(new Error('no APIs')),
    evaluate: evaluateHere,
    session: undefined,
    sessionId: 'S',
    now: 0,
    today: '2026-03-02',
    repeatWindowMs: 15_000,
  }
  const asked = (token: string, data = {}) => ({ action: 'init', version: '3.0', screen: '', data, token }) as const

  test('one that is accepted is answered', async () => {
    expect(await answer(guarded, asked('ok-1'), context)).toMatchObject({ kind: 'reply', next: 'A' })
  })

  test.each([
    ['one that is not', 'no-1', 'tokens.accept is not true: $contains(token'],
    ['none', '', 'tokens.accept is not true: $contains(token'],
  ])('%s is refused with the reason', async (_name, token, detail) => {
    const answered = await answer(guarded, asked(token), context)
    expect(answered).toMatchObject({ kind: 'token_refused', detail: expect.stringContaining(detail) })
  })

  test('a check that fails to run refuses', async () => {
    const flow = flowOf('{ start: A, tokens: { accept: token + 1 }, screens: { A: {} } }')
    const detail = expect.stringContaining('tokens.accept failed: token + 1: The left side')
    expect(await answer(flow, asked('ok-1'), context)).toMatchObject({ kind: 'token_refused', detail })
  })

  test('an error report is acknowledged whatever its token, without a screen', async () => {
    const report = {
      ...asked('no-1', { error: 'timeout_error', error_message: 'm'.repeat(900) }),
      action: 'client_error' as const,
    }
    expect(await answer(guarded, report, context)).toEqual({
      kind: 'reply',
      status: 200,
      text: '{"data":{"acknowledged":true}}',
      outcome: 'acknowledged',
      next: '',
      errors: [{ code: 'client:timeout_error', message: 'Its message had 900 characters.' }],
      upstreamMs: 0,
      change: { input: {} },
    })
  })

  test.each([
    [{ error: '' }, [{ code: 'client:unnamed' }]],
    [{ error_key: 'payload-schema-error' }, [{ code: 'client:payload-schema-error' }]],
    [{ error: 'Ana', error_message: 'Silva 👋' }, [{ code: 'client:other', message: 'Its message had 7 characters.' }]],
  ])('the report %j is noted as %j', async (data, errors) => {
    const report = { ...asked('t', data), action: 'client_error' as const }
    expect(await answer(guarded, report, context)).toMatchObject({ errors })
  })
})

describe('whether the session is needed', () => {
  const plain =
    '{ start: A, screens: { A: { data: { x: { expr: input.x } } }, B: { data: { y: { expr: session.id } } } } }'
  const inData = '{ start: A, screens: { A: { data: { x: "{{ session.id }}" } } } }'
  const inCall = `{ start: A, screens: { A: { ask: { s: { with: { a: session.id } } } } },
    apis: { s: { url: "http://localhost" } } }`
  const kept = '{ start: A, open: { keep: [cart] }, screens: { A: { set: { cart: "1" } } } }'
  const inTokens = '{ start: A, tokens: { accept: "$count(session.screens) < 9" }, screens: { A: {} } }'
  const inSequence = '{ start: A, sequence: "session.startedAt", screens: { A: {} } }'

  test.each([
    ['init', plain, false],
    ['init', inData, true],
    ['init', inCall, true],
    ['init', kept, true],
    ['init', inTokens, true],
    ['init', inSequence, true],
    ['submit', plain, true],
    ['back', plain, true],
    ['client_error', inTokens, false],
  ] as const)('by %s in %s: %p', (action, yaml, isNeeded) => {
    const request = { action, version: '3.0', screen: '', data: {}, token: 't' }
    expect(needsSession(flowOf(yaml), request)).toBe(isNeeded)
  })
})
