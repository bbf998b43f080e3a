import { describe, expect, test } from 'bun:test'
import { converse } from '../../test/conversation.ts'
import { flowOf } from '../../test/flow-of.ts'
import type { JsonObject } from '../lib/json.ts'
import type { ApiAnswer, ApiRequest, CallApi } from './call-api.ts'

/** APIs that answer as told, one answer after the other and then the last for good, and what they were asked. */
function apis(answers: { readonly [name: string]: readonly ApiAnswer[] }) {
  const asked: {
    readonly name: string
    readonly with: JsonObject
    readonly key?: string
    readonly isFresh: boolean
  }[] = []
  const callApi: CallApi = async ({ name }, { with: parameters, idempotencyKey, isFresh }: ApiRequest) => {
    const before = asked.filter((each) => each.name === name).length
    asked.push({ name, with: parameters, isFresh, ...(idempotencyKey !== undefined && { key: idempotencyKey }) })
    const all = answers[name] ?? []
    const answer = all[Math.min(before, all.length - 1)] as ApiAnswer
    const failure = { code: `upstream_${answer.error}`, field: name, message: `${name} failed` }
    return { answer, waitedMs: 10, ...(answer.error !== undefined && { failure }) }
  }
  return { asked, callApi, names: () => asked.map(({ name }) => name).join(' ') }
}

const ok = (body?: ApiAnswer['body']): ApiAnswer => ({ ok: true, status: 200, ...(body !== undefined && { body }) })
const status = (code: number, body: ApiAnswer['body'] = {}): ApiAnswer => ({ ok: false, status: code, body })
const down: ApiAnswer = { ok: false, error: 'timeout' }

const URL = 'url: "http://h", method: POST'
const booking = flowOf(`
  start: A
  failure_message: Try again
  apis: { pay: { ${URL} }, book: { ${URL} }, slots: { url: "http://h" } }
  screens:
    A:
      fields: { slot: { type: choice, required: true } }
      set: { tries: "(vars.tries ? vars.tries : 0) + 1" }
      do:
        pay: { with: { n: 5 } }
        book: { with: { slot: input.slot, paid: api.pay.body.id } }
      next:
        - { when: api.book.status = 409, stay: "{{ api.book.body.message }}", field: slot }
        - { to: B, set: { booking: api.book.body.id } }
    B:
      ask: { slots: {} }
      data: { text: "{{ vars.booking }} by {{ known.slot }} after {{ vars.tries }}", list: { expr: api.slots.body } }
      complete: { booking: { expr: vars.booking } }
`)

describe('calls of a submission', () => {
  test('are made in their order, and what follows sees their answers', async () => {
    const { callApi, asked } = apis({ pay: [ok({ id: 'p1' })], book: [ok({ id: 'b1' })], slots: [ok([1])] })
    const person = converse(booking, callApi)
    await person.init()
    const said = await person.submit('A', { slot: 's1' })
    expect(said).toMatchObject({
      screen: 'B',
      outcome: 'shown',
      data: { text: 'b1 by s1 after 1', list: [1] },
      errors: [],
    })
    expect(asked.map(({ name, with: parameters }) => [name, parameters])).toEqual([
      ['pay', { n: 5 }],
      ['book', { slot: 's1', paid: 'p1' }],
      ['slots', {}],
    ])
  })

  test('one that fails stops there; the next try repeats only what did not go well, under the same key', async () => {
    const { callApi, asked, names } = apis({ pay: [ok({ id: 'p1' })], book: [down, ok({ id: 'b1' })], slots: [ok([])] })
    const person = converse(booking, callApi)
    await person.init()
    const said = await person.submit('A', { slot: 's1' })
    expect(said).toMatchObject({ screen: 'A', outcome: 'failed', data: { error_message: 'Try again' } })
    expect(said.errors).toMatchObject([{ code: 'upstream_timeout', field: 'book' }])
    expect(person.session()).toMatchObject({ known: {}, vars: {} })

    expect(await person.submit('A', { slot: 's1' })).toMatchObject({ screen: 'B', data: { text: 'b1 by s1 after 1' } })
    expect(names()).toBe('pay book book slots')
    const keys = asked.filter(({ name }) => name === 'book').map(({ key }) => key)
    expect(keys[0]).toBe(keys[1] as string)
    expect(keys[0]).not.toBe(asked[0]?.key as string)
  })

  test('a branch that closes the flow is taken again without them', async () => {
    const flow = flowOf(`
      start: A
      apis: { pay: { ${URL} } }
      screens: { A: { do: { pay: {} }, next: [{ when: api.pay.body.late, close: Too late }, { to: B }] }, B: {} }
    `)
    const { callApi, names } = apis({ pay: [ok({ late: true })] })
    const person = converse(flow, callApi)
    await person.init()
    for (let tap = 0; tap < 2; tap++)
      expect(await person.submit('A')).toMatchObject({ outcome: 'rejected', errors: [{ message: 'Too late' }] })
    expect(names()).toBe('pay')
  })

  test('other data is another submission, and so is the same after it was served', async () => {
    const { callApi, asked } = apis({ pay: [ok({ id: 'p' })], book: [down, ok({ id: 'b' })], slots: [ok([])] })
    const person = converse(booking, callApi)
    await person.init()
    await person.submit('A', { slot: 's1' })
    await person.submit('A', { slot: 's2' })
    await person.back('B')
    await person.submit('A', { slot: 's2' })
    expect(asked.filter(({ name }) => name === 'pay')).toHaveLength(3)
    expect(new Set(asked.flatMap(({ key }) => key ?? [])).size).toBe(6)
  })

  test('a refusal that a branch deals with keeps the person there, and counts the try', async () => {
    const taken = status(409, { message: 'Taken' })
    const { callApi } = apis({ pay: [ok({ id: 'p' })], book: [taken, ok({ id: 'b' })], slots: [ok([])] })
    const person = converse(booking, callApi)
    await person.init()
    const said = await person.submit('A', { slot: 's1' })
    expect(said).toMatchObject({
      screen: 'A',
      outcome: 'rejected',
      data: { error_message: 'Taken' },
      errors: [{ code: 'invalid_field', field: 'slot', rule: 'api', message: 'Taken' }],
    })
    expect((await person.submit('A', { slot: 's2' })).data).toMatchObject({ text: 'b by s2 after 2' })
  })

  test('a refusal that no branch looks at is a failure, never a success', async () => {
    const { callApi } = apis({ pay: [status(402)], book: [ok({ id: 'b' })] })
    const said = await converse(booking, callApi).submit('A', { slot: 's1' })
    expect(said).toMatchObject({ screen: 'A', outcome: 'failed' })
    expect(said.errors).toMatchObject([
      {
        code: 'upstream_status',
        field: 'pay',
        message: "pay was refused by the API, and no branch of A's next looks at that",
      },
    ])
  })

  test('where the screen that follows lacks what it needs, the person stays, and the next try does nothing twice', async () => {
    const { callApi, names } = apis({ pay: [ok({ id: 'p' })], book: [ok({ id: 'b' })], slots: [down, ok([1])] })
    const person = converse(booking, callApi)
    await person.init()
    expect(await person.submit('A', { slot: 's1' })).toMatchObject({ screen: 'A', outcome: 'failed' })
    expect(await person.submit('A', { slot: 's1' })).toMatchObject({
      screen: 'B',
      data: { text: 'b by s1 after 1', list: [1] },
    })
    expect(names()).toBe('pay book slots slots')
  })

  test('one that is to be fresh is made at each try', async () => {
    const flow = flowOf(`
      start: A
      apis: { login: { ${URL} }, me: { ${URL} } }
      screens:
        A: { do: { login: { fresh: true }, me: { when: api.login.ok } }, next: [{ to: B }] }
        B: {}`)
    const { callApi, names } = apis({ login: [ok({})], me: [down, ok({})] })
    const person = converse(flow, callApi)
    await person.submit('A')
    expect(await person.submit('A')).toMatchObject({ screen: 'B' })
    expect(names()).toBe('login me login me')
  })
})

describe('calls of a screen', () => {
  const shop = flowOf(`
    start: A
    apis: { list: { url: "http://h" }, other: { url: "http://h" } }
    screens:
      A:
        do: { found: { api: list, with: { q: input.q } } }
        next: [{ when: "api.found.ok and $count(api.found.body) = 0", stay: Nothing }, { to: B }]
      B:
        ask:
          again: { api: list, with: { q: known.q } }
          extra: { api: other, else: [none] }
          never: { api: other, when: "1 = 2", else: unasked }
        data: { n: { expr: $count(api.again.body) }, extra: { expr: api.extra.body }, never: { expr: api.never } }
  `)

  test('what the request has asked already is not asked again; `else` stands where nothing usable came', async () => {
    const { callApi, names } = apis({ list: [ok([1, 2])], other: [down] })
    const said = await converse(shop, callApi).submit('A', { q: 'x' })
    expect(said).toMatchObject({
      screen: 'B',
      outcome: 'shown',
      data: { n: 2, extra: ['none'], never: { ok: false, body: 'unasked' } },
    })
    expect(said.errors).toMatchObject([{ code: 'upstream_timeout', field: 'extra' }])
    expect(names()).toBe('list other')
  })

  test('on Back they are asked anew, and a screen that cannot be asked for says so', async () => {
    const { callApi, names } = apis({ list: [ok([1]), down], other: [ok([])] })
    const flow = flowOf(`
      start: A
      apis: { list: { url: "http://h" } }
      screens:
        A: { ask: { list: {} }, data: { n: { expr: $count(api.list.body), else: 0 } }, next: B }
        B: {}`)
    const person = converse(flow, callApi)
    expect((await person.init()).data).toEqual({ n: 1 })
    await person.submit('A')
    expect(await person.back('B')).toMatchObject({ screen: 'A', outcome: 'failed', data: { n: 0 } })
    expect(names()).toBe('list list')
  })
})

describe('branches', () => {
  const flow = flowOf(`
    start: A
    open: { keep: [cart], next: [{ when: "token = 'bad'", close: No entry }, { when: "token = 'b'", to: B, message: Hello }, { to: A }] }
    screens:
      A:
        fields: { go: { type: text } }
        set: { cart: "[vars.cart, input.go]", other: "1" }
        next:
          - { when: "input.go = 'close'", close: "Bye {{ input.go }}" }
          - { when: "input.go = 'told'", to: B, message: "Told {{ input.go }}" }
          - { when: "input.go = 'silent'", to: B, message: "{{ input.nothing }}" }
          - { when: "input.go = 'stay'", stay: Stay }
          - { to: B }
      B: { data: { cart: { expr: "[vars.cart]" }, other: { expr: vars.other }, said: "{{ known.go }}" }, ends: completed }
  `)

  test.each([
    ['told', { error_message: 'Told told' }, 'completed'],
    ['silent', {}, 'completed'],
  ])('to a screen, %s: %j', async (go, more, outcome) => {
    const said = await converse(flow).submit('A', { go })
    expect(said).toMatchObject({ screen: 'B', outcome, data: { said: go, ...more } })
    expect('error_message' in said.data).toBe('error_message' in more)
  })

  test('staying is a refusal of the rule next', async () => {
    const said = await converse(flow).submit('A', { go: 'stay' })
    expect(said).toMatchObject({
      screen: 'A',
      outcome: 'rejected',
      errors: [{ rule: 'next', field: '', message: 'Stay' }],
    })
  })

  test('closing ends the flow with the sentence', async () => {
    const said = await converse(flow).submit('A', { go: 'close' })
    expect(JSON.parse(said.text)).toEqual({ error_msg: 'Bye close' })
    expect(said).toMatchObject({ outcome: 'rejected', errors: [{ rule: 'close', message: 'Bye close' }] })
  })

  test('when the flow is opened they lead to a first screen, or to none', async () => {
    expect(await converse(flow).init({ token: 'b' })).toMatchObject({ screen: 'B', data: { error_message: 'Hello' } })
    expect(await converse(flow).init({ token: 'a' })).toMatchObject({ screen: 'A', data: {} })
    await expect(converse(flow).init({ token: 'bad' })).rejects.toThrow('a branch of open.next closed the flow')
  })

  test('opened again, only the variables to be kept are there; after a completion by the phone they still are', async () => {
    const person = converse(flow)
    await person.init()
    await person.submit('A', { go: 'x' })
    await person.init()
    expect(person.session()).toMatchObject({ vars: { cart: ['x'] }, known: {} })
    expect((await person.submit('A', { go: 'y' })).data).toEqual({ cart: ['x', 'y'], other: 1, said: 'y' })
  })
})

describe('requests of single components', () => {
  const flow = flowOf(`
    start: A
    lists: { days: [{ id: mon }, { id: tue }] }
    messages: { required: "Please fill in {{ field }}.", must: Agree please }
    screens:
      A:
        data: { slots: { expr: "vars.picked ? [vars.picked & ' 9:00']", else: [none] } }
        fields:
          day: { type: choice, in: days, required: true }
          slot: { type: choice, required: true, in: { expr: sent.slots } }
          note: { type: text, min: 5, required: { expr: "input.day = 'mon'" } }
          terms: { type: boolean, must: true }
        on: { day: { when: "$count($keys(input)) = 1", set: { picked: "$exists(input.day) ? input.day : vars.picked" } } }
        next: B
      B: { pass: [day], data: { picked: "{{ vars.picked }}" } }
  `)

  test('submit a part, refuse only what can never be, and leave what was shown', async () => {
    const person = converse(flow)
    expect((await person.init()).data).toEqual({ slots: ['none'] })
    const said = await person.submit('A', { day: 'tue' })
    expect(said).toMatchObject({ outcome: 'shown', trigger: 'day', data: { slots: ['tue 9:00'] } })
    const odd = await person.submit('A', { day: 'sun' })
    expect(odd).toMatchObject({ outcome: 'rejected', errors: [{ field: 'day', rule: 'in' }] })
    expect(await person.submit('A', { note: 'ab' })).toMatchObject({ outcome: 'shown', data: { slots: ['tue 9:00'] } })
  })

  test('a submission is judged by what was sent, what the rest says, and in the flow’s own words', async () => {
    const person = converse(flow)
    await person.init()
    await person.submit('A', { day: 'mon' })
    const said = await person.submit('A', { day: 'mon', slot: 'tue 9:00', terms: false })
    expect(said.errors.map(({ field, rule, message }) => [field, rule, message])).toEqual([
      ['slot', 'in', 'Please choose one of the options for slot.'],
      ['note', 'required', 'Please fill in note.'],
      ['terms', 'must', 'Agree please'],
    ])
    const good = await person.submit('A', { day: 'mon', slot: 'mon 9:00', note: 'ring twice', terms: true })
    expect(good).toMatchObject({ screen: 'B', outcome: 'shown', data: { day: 'mon', picked: 'mon' } })
    expect(good.trigger).toBeUndefined()
  })
})
