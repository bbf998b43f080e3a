// What `check` used to refuse although it works on a phone. It is served; a warning says what is unlikely to be meant.

import { describe, expect, test } from 'bun:test'
import { writeFile } from 'node:fs/promises'
import { configFolder, loaded } from '../../test/config-folder.ts'
import { configWith } from '../../test/kit.ts'

const { load, fileOf } = configFolder()

/** The sentences of the warnings; throws the mistakes. */
async function toldOf(flow: string): Promise<readonly string[]> {
  return loaded(await load(configWith(flow))).warnings.map(({ message }) => message)
}

const WHOLE = `a:
  start: ASK
  lists: { kinds: [{ id: one, title: One }, { id: two, title: Two }] }
  apis: { slots: { url: "https://example.com/slots" } }
  screens:
    ASK:
      ask: { slots: {} }
      data: { hello: Hello }
      fields: { kind: { type: choice, in: kinds } }
      next: END
    END: { data: { bye: Bye }, complete: { kind: { expr: known.kind } } }
`

/** What stands in a flow, what stands for it, and what is told of that. */
type Meant = readonly [name: string, right: string, meant: string, ...told: readonly string[]]

const tests = (cases: readonly Meant[]) =>
  test.each(cases.map(([name, ...rest]) => [name, rest] as const))('%s', async (_, [right, meant, ...told]) => {
    expect(WHOLE).toContain(right)
    expect(await toldOf(WHOLE.replace(right, () => meant))).toEqual(told)
  })

const misspelt = (key: string) => `${key} means nothing here; a result is written { expr: … }`

describe('names like those of an expression:', () => {
  tests([
    ['source beside others', 'complete: {', 'complete: { source: whatsapp,'],
    ['source in data, beside others', 'hello: Hello', 'hello: Hello, source: whatsapp'],
    ['source alone', 'hello: Hello', 'hello: { source: whatsapp }'],
    ['source of all params', 'complete: { kind: { expr: known.kind } }', 'complete: { source: whatsapp }'],
    ['source that an API is named like', 'hello: Hello', 'hello: { source: slots }', misspelt('source')],
    ['source in what stands for an answer', '{ slots: {} }', '{ slots: { else: { source: none } } }'],
    ['extra', 'complete: {', 'complete: { order: { extra: cheese },'],
    ['expiry', 'hello: Hello', 'card: { expiry: "12/27" }'],
    ['export', 'hello: Hello', 'way: { export: customs }'],
    ['exp', 'hello: Hello', 'card: { exp: "12/27" }'],
    ['a misspelt expr of a text', 'hello: Hello', 'hello: { exrp: Hello }', misspelt('exrp')],
    ['expression as a name', 'hello: Hello', 'face: { expression: happy }', misspelt('expression')],
  ])

  test('a name that the Flow JSON declares', async () => {
    const data = {
      face: { type: 'object', properties: { expression: { type: 'string' } }, __example__: { expression: 'x' } },
      source: { type: 'string', __example__: 'x' },
    }
    await writeFile(fileOf('flow.json'), JSON.stringify(flowJson(data, [{ type: 'TextBody', text: 'Hi' }], {})))
    const flow = `a:
  flow_json: flow.json
  start: ASK
  screens:
    ASK: { data: { face: { expression: happy }, source: slots }, complete: {} }
  lists: { slots: [{ id: a, title: A }] }
`
    expect(await toldOf(flow)).toEqual([])
  })
})

const flowJson = (data: object, children: readonly object[], payload: object) => ({
  version: '7.3',
  data_api_version: '3.0',
  routing_model: { ASK: [] },
  screens: [
    {
      id: 'ASK',
      title: 'Ask',
      terminal: true,
      data,
      layout: {
        type: 'SingleColumnLayout',
        children: [...children, { type: 'Footer', label: 'Go', 'on-click-action': { name: 'data_exchange', payload } }],
      },
    },
  ],
})

describe('what only the server knows that answers:', () => {
  const SERVER = '"https://example.com/flow"'
  const forwarded = `a:
  start: ASK
  open: { keep: [offers] }
  screens:
    ASK:
      fields: { kind: { type: text } }
      forward: { url: ${SERVER} }
    END:
      data: { slot: Any }
      fields: { pick: { type: choice, in: { expr: sent.slots } } }
      complete: { offer: { expr: vars.offers }, price: { expr: sent.price } }
`
  const whole = `a:
  forward: { url: ${SERVER} }
  start: ASK
  trigger: vars.component
  funnel: [ASK, PAY]
  screens:
    ASK: { fields: { kind: { type: choice, in: { expr: sent.kinds } } } }
    ASKED: { fields: { kind: { type: text, check: value in at.PAY.kinds } } }
`
  const tapped = `a:
  tap: { url: ${SERVER} }
  funnel: [WELCOME, [PAY, ASKS]]
  trigger: at.WELCOME.kind
  screens:
    ASK: { fields: { kind: { type: choice, in: { expr: sent.kinds } } } }
`
  test.each([
    ['of a screen', forwarded],
    ['of the flow', whole],
    ['behind a tap', tapped],
    ['behind a tap, without a screen', `a:\n  tap: { url: ${SERVER} }\n  funnel: [WELCOME, PAY]\n`],
  ])('%s', async (_, flow) => expect(await toldOf(flow)).toEqual([]))
})

describe('expressions that have names of their own:', () => {
  const hello = (expression: string) => `hello: { expr: "${expression}" }`
  tests([
    [
      'an index after a condition',
      'hello: Hello',
      hello(`[lists.kinds[id != 'x']#$row.{ 'id': id, 'row': $string($row) }]`),
    ],
    ['a called index', 'hello: Hello', hello(`lists.kinds[id != 'x']#$row.$string($row)`)],
    [
      'an argument named like one of ours',
      'hello: Hello',
      hello(`$map(lists.kinds, function($texts) { $texts.title })`),
    ],
    ['a variable named like one of ours', 'hello: Hello', hello(`($session := known; $session.kind = 'one')`)],
    ['a transformation', 'hello: Hello', hello(`lists ~> |kinds|{ 'title': title & label }, ['label']|`)],
    ['a name after @$', 'hello: Hello', hello(`lists@$all.known.kind & $all.kinds[0].title`)],
    ['a list after @$', 'hello: Hello', hello(`lists.kinds@$one.kinds@$other[id != $one.id].($one.id & $other.id)`)],
    ['one that is called', 'hello: Hello', hello(`$map(lists.kinds, |$|{ 'title': title }|)`)],
  ])

  test.each([
    ['that only looks like such a variable', '($session := known; session.kind)'],
    ['after @$', 'lists.kinds@$one.kidns'],
    ['in what a transformation sees', 'lists ~> |kinds|{ "title": $texts.one }|'],
  ])('a name %s is still told', async (_, expression) => {
    const wrong = WHOLE.replace('hello: Hello', `hello: { expr: '${expression.replaceAll("'", "''")}' }`)
    expect((await load(configWith(wrong))).ok).toBe(false)
  })
})

/** The mistakes; empty where there is none. */
async function refusedOf(flow: string): Promise<readonly string[]> {
  const result = await load(configWith(flow))
  return result.ok ? [] : result.mistakes.map(({ message }) => message)
}

describe('numbers that are written in another way:', () => {
  const read = (source: string, value: number) =>
    `${source} is read as the number ${value}; write "${source}" if the text is meant, else ${value}`
  tests([
    ['a price in what stands for an API', 'url: "', 'example: [{ price: 12.50, code: 007, id: 1.0 }], url: "'],
    ['bounds', 'kind: {', 'a: { type: number, min: 0.50, max: 1e3 }, b: { type: text, length: { max: 010 } }, kind: {'],
    ['one in a text', 'hello: Hello', 'hello: "12.50"'],
    ['a price in data', 'hello: Hello', 'hello: 12.50', read('12.50', 12.5)],
    ['without a 0', 'hello: Hello', 'hello: .5', read('.5', 0.5)],
    ['an exponent', 'hello: Hello', 'hello: 1E3', read('1E3', 1000)],
    ['a tiny one', 'hello: Hello', 'hello: 0.00000010', read('0.00000010', 1e-7)],
    ['in what goes to an API', '{ slots: {} }', '{ slots: { with: { id: 1.0 } } }', read('1.0', 1)],
    ['in a list that nobody chooses from', 'lists: {', 'lists: { rates: [0.50, 0.75],', read('0.50', 0.5)],
    ['not at all', 'hello: Hello', 'hello: [12.5, -3, 0, 1.25]'],
  ])

  test.each([
    ['begins with 0', 'hello: Hello', 'hello: 0900', read('0900', 900)],
    ['has a plus', '{ slots: {} }', '{ slots: { with: { land: +351 } } }', read('+351', 351)],
    ['is hexadecimal', 'hello: Hello', 'hello: 0x1F', read('0x1F', 31)],
    ['is octal', 'hello: Hello', 'hello: 0o17', read('0o17', 15)],
    [
      'is too long',
      'hello: Hello',
      'hello: 12345678901234567890',
      read('12345678901234567890', Number('12345678901234567890')),
    ],
    ['is an option', 'in: kinds', 'in: [12.50]', read('12.50', 12.5)],
    ['is a trigger', 'start: ASK', 'start: ASK\n  trigger: { expr: input.x, in: [1.10] }', read('1.10', 1.1)],
    ['is in a list that people choose from', '[{ id: one, title: One },', '[1.50,', read('1.50', 1.5)],
    ['is an id', 'hello: Hello', 'hello: [{ id: 1.0, title: One }]', read('1.0', 1)],
    ['is a title', 'hello: Hello', 'hello: [{ id: a, title: 12.50 }]', read('12.50', 12.5)],
  ])('one that %s is refused', async (_, right, wrong, told) => {
    expect(WHOLE).toContain(right)
    expect(await refusedOf(WHOLE.replace(right, wrong))).toContain(told)
  })

  test('one that an alias repeats is told once, where it is a mistake', async () => {
    const flow = WHOLE.replace('url: "', 'example: &price 12.50, url: "').replace('in: kinds', 'in: [*price, *price]')
    expect(await refusedOf(flow)).toEqual([read('12.50', 12.5)])
  })
})

describe('lists whose ids are numbers:', () => {
  const plans = 'lists: { plans: [{ id: 1, title: Basic, price: 9 }, { id: 2, title: Full, price: 19 }],'
  const withPlans = (hello: string) => WHOLE.replace('lists: {', plans).replace('hello: Hello', `hello: ${hello}`)
  const FOUND = 'id of an option must be a text, found 1; write "1"'

  test.each([
    ['looked up', '{ expr: "lists.plans[id = 1].price" }'],
    ['counted', '{ expr: "$count(lists.plans)" }'],
    ['made into options', `{ expr: "lists.plans.{ 'id': $string(id), 'title': title }" }`],
    ['grouped', '{ expr: "lists.plans{title: price}" }'],
    ['not used', 'Hello'],
  ])('%s, they are no options', async (_, hello) => expect(await toldOf(withPlans(hello))).toEqual([]))

  test.each([
    ['as they are', withPlans('{ expr: lists.plans }')],
    ['by their variable', withPlans('{ expr: $lists.plans }')],
    ['in another order', withPlans('{ expr: "lists.plans^(>price)" }')],
    ['in place of a result', withPlans('{ expr: known.x, else: { expr: lists.plans } }')],
    ['chosen from', withPlans('Hello').replace('in: kinds', 'in: plans')],
  ])('sent %s, they are', async (_, flow) => expect(await refusedOf(flow)).toContain(FOUND))

  test('sent in part, they probably are', async () => {
    expect(await toldOf(withPlans('{ expr: "lists.plans[price > 9]" }'))).toContain(FOUND)
  })
})
