import { expect, test } from 'bun:test'
import { FLOW_JSONS, flowJsonNamed, flowJsonOf, flowJsonText, oneScreen, screenOf } from '../../test/flow-json-kit.ts'
import { COMPONENT_TYPES } from './component-types.ts'
import { readFlowJson } from './read-flow-json.ts'

test.each(FLOW_JSONS)('%s is read without a mistake', (name) => {
  const result = readFlowJson(flowJsonText(name), `${name}.json`)
  expect(result.ok ? [] : result.mistakes).toEqual([])
})

test('among them are all components and all kinds of actions', () => {
  const screens = FLOW_JSONS.flatMap((name) => [...flowJsonNamed(name).screens.values()])
  const types = new Set(screens.flatMap(({ components }) => components.map(({ type }) => type)))
  expect([...types].toSorted()).toEqual([...Object.keys(COMPONENT_TYPES), 'MapPicker'].toSorted())
  const kinds = new Set(screens.flatMap(({ actions }) => actions.map(({ kind }) => kind)))
  expect([...kinds].toSorted()).toEqual([
    'ask_agent',
    'complete',
    'data_exchange',
    'navigate',
    'open_url',
    'update_data',
  ])
})

test('otp: what stands in it', () => {
  const flow = flowJsonNamed('otp')
  expect(flow.version).toBe('7.3')
  expect(flow.dataApiVersion).toBe('4.0')
  expect([...(flow.routingModel ?? [])]).toEqual([
    ['FORM_SCREEN', ['OTP_SCREEN']],
    ['OTP_SCREEN', ['VERIFIED']],
    ['VERIFIED', []],
  ])
  expect([...flow.screens.keys()]).toEqual(['FORM_SCREEN', 'OTP_SCREEN', 'VERIFIED'])

  const form = screenOf(flow, 'FORM_SCREEN')
  expect(form).toMatchObject({ place: { line: 6, column: 5 }, isTerminal: false, refreshOnBack: false, sensitive: [] })
  expect(form.title).toMatchObject({ kind: 'constant', value: 'Who are you?' })
  expect(Object.fromEntries(form.data)).toMatchObject({
    name_value: { type: { type: 'string' }, example: 'Mo', place: { line: 10, column: 23 } },
    email_value: { type: { type: 'string' }, example: 'mo@example.org' },
  })
  expect(form.components.map(({ type, name }) => [type, name])).toEqual([
    ['TextInput', 'name'],
    ['TextInput', 'email'],
    ['Footer', undefined],
  ])
  expect(form.components[0]).toMatchObject({
    label: { kind: 'constant', value: 'Name' },
    required: { kind: 'constant', value: true },
    limits: { inputType: 'text' },
    initValue: { kind: 'reference', to: 'data', name: 'name_value' },
  })

  const code = screenOf(flow, 'OTP_SCREEN')
  expect(code).toMatchObject({ refreshOnBack: true, sensitive: ['code'] })
  expect(code.actions.map(({ kind, by, event }) => [kind, by.type, event])).toEqual([
    ['data_exchange', 'EmbeddedLink', 'on-click-action'],
    ['data_exchange', 'Footer', 'on-click-action'],
  ])
  expect(code.actions[0]?.payload.get('resend')).toMatchObject({ kind: 'constant', value: true })
  expect(code.actions[1]?.payload.get('code')).toMatchObject({ kind: 'reference', to: 'form', name: 'code' })
  expect(screenOf(flow, 'VERIFIED')).toMatchObject({ isTerminal: true, isSuccess: true })
})

test('loan: options from data, choices that ask, a terminal screen that is no success', () => {
  const flow = flowJsonNamed('loan')
  const [amount] = screenOf(flow, 'LOAN').components
  expect(amount?.options).toEqual({
    from: 'data',
    reference: { to: 'data', name: 'amount' },
    examples: [
      { id: '720000', title: 'K 720,000', isEnabled: true },
      { id: '320000', title: 'K 320,000', isEnabled: true },
    ],
  })
  expect(screenOf(flow, 'LOAN').actions.map(({ event, by }) => `${by.type} ${event}`)).toEqual([
    'Dropdown on-select-action',
    'Dropdown on-select-action',
    'Footer on-click-action',
  ])
  expect(screenOf(flow, 'LOAN').data.get('tenure')?.type).toEqual({
    type: 'array',
    items: {
      type: 'object',
      properties: new Map([
        ['id', { type: 'string' }],
        ['title', { type: 'string' }],
      ]),
    },
  })
  expect(screenOf(flow, 'NO_OFFER')).toMatchObject({ isTerminal: true, isSuccess: false })
})

test('store-cart: lists whose items act, in the file and in examples', () => {
  const flow = flowJsonNamed('store-cart')
  expect(screenOf(flow, 'MENU').actions).toMatchObject([
    { kind: 'data_exchange', isExample: true, by: { name: 'categories' } },
    { kind: 'data_exchange', isExample: true, by: { name: 'order' } },
  ])
  expect(screenOf(flow, 'MENU').actions[0]?.payload.get('category')).toMatchObject({
    kind: 'sample',
    type: { type: 'string' },
  })
  const cart = screenOf(flow, 'CART').actions
  expect(cart.map(({ option, isExample }) => [option, isExample])).toEqual([
    [undefined, true],
    ['menu', false],
    ['delivery', false],
  ])
  expect(cart[1]?.payload.get('op')).toMatchObject({ kind: 'constant', value: 'menu' })
  const quantity = screenOf(flow, 'DISH').components.find(({ name }) => name === 'qty')
  expect(quantity?.options?.from === 'list' && quantity.options.items.map(({ id }) => id).join()).toBe(
    '1,2,3,4,5,6,7,8,9',
  )
})

test('forms give their inputs what they begin with', () => {
  const flow = flowJsonNamed('json/quote-3.0')
  const initial = (screen: string, name: string) =>
    screenOf(flow, screen).components.find((component) => component.name === name)?.initValue
  expect(initial('ROOF', 'area')).toMatchObject({ kind: 'constant', value: '80' })
  expect(initial('OFFER', 'pay')).toMatchObject({ kind: 'reference', to: 'data', name: 'chosen.pay' })
})

test('components in branches know what must hold', () => {
  const { components } = screenOf(flowJsonNamed('json/branches-4.0'), 'PET')
  const breeds = components.filter(({ name }) => name === 'breed')
  expect(breeds.map(({ type, branches }) => [type, branches])).toEqual([
    ['Dropdown', [{ on: 'Switch', value: '${form.kind}', equals: 'cat' }]],
    ['TextInput', [{ on: 'Switch', value: '${form.kind}', equals: 'dog' }]],
  ])
  const condition = "(${data.is_known} && (${form.kind} != 'other'))"
  expect(components.filter(({ type }) => type === 'Footer').map(({ branches }) => branches)).toEqual([
    [{ on: 'If', condition, holds: true }],
    [{ on: 'If', condition, holds: false }],
  ])
  expect(components.find(({ type, branches }) => type === 'TextBody' && branches.length === 2)?.branches[1]).toEqual({
    on: 'If',
    condition: '${data.is_open}',
    holds: true,
  })
})

test('a condition is kept as an expression', () => {
  const { components } = screenOf(flowJsonNamed('json/branches-4.0'), 'PET')
  expect(components.find(({ type }) => type === 'If')?.properties.get('condition')).toMatchObject({
    kind: 'expression',
    references: [
      { to: 'data', name: 'is_known' },
      { to: 'form', name: 'kind' },
    ],
  })
})

test('limits are numbers, also where they are written as texts, or what they refer to', () => {
  const limitsOf = (name: string, screen: string, input: string) =>
    screenOf(flowJsonNamed(name), screen).components.find((component) => component.name === input)?.limits
  expect(limitsOf('json/sign-in-2.1', 'SIGN_UP', 'password')).toMatchObject({
    inputType: 'password',
    minChars: 8,
    maxChars: 24,
  })
  expect(limitsOf('json/update-data-6.0', 'WHERE', 'towns')).toEqual({ minSelected: 1, maxSelected: 2 })
  expect(limitsOf('json/branches-4.0', 'VISIT', 'day')).toMatchObject({
    minDate: '1932249600000',
    maxDate: { kind: 'reference', to: 'data', name: 'last_day' },
  })
  expect(limitsOf('json/calendar-6.1', 'STAY', 'stay')).toMatchObject({
    minDays: 2,
    maxDays: 14,
    minDate: '2031-03-01',
  })
  expect(limitsOf('json/media-4.0', 'DAMAGE', 'photos')).toEqual({ minFiles: 1, maxFiles: 6 })
  expect(limitsOf('json/navigation-6.2', 'ORDER', 'code')).toMatchObject({ pattern: '^[A-Z]{2}\\d{4}$' })
  expect(limitsOf('appointment', 'DETAILS', 'note')).toEqual({ maxChars: 200 })
})

test('references to other screens, expressions, and objects in payloads', () => {
  const [send] = screenOf(flowJsonNamed('json/global-fields-4.0'), 'ADDRESS').actions
  expect(send?.payload.get('size')).toMatchObject({ kind: 'reference', screen: 'PARCEL', to: 'form', name: 'size' })
  expect(send?.payload.get('depot')).toMatchObject({ kind: 'reference', screen: 'PARCEL', to: 'data', name: 'depot' })
  const to = send?.payload.get('to')
  expect(to?.kind === 'object' && [...to.entries.values()]).toMatchObject([
    { kind: 'reference', name: 'street' },
    { kind: 'constant', value: 'ES' },
  ])
  const [, , book] = screenOf(flowJsonNamed('json/expressions-6.0'), 'TABLE').actions
  expect(book?.payload.get('deposit')).toMatchObject({
    kind: 'expression',
    text: '${form.guests} * ${data.deposit}',
    references: [
      { to: 'form', name: 'guests' },
      { to: 'data', name: 'deposit' },
    ],
  })
})

test('what is newer than we know is kept and noted, with its place', () => {
  const text = flowJsonText('json/newer-9.1')
  const result = readFlowJson(text, 'newer.json')
  if (!result.ok) throw new Error('not read')
  const map = screenOf(result.flowJson, 'MAP')
  expect(map.components[0]).toMatchObject({ type: 'MapPicker', name: 'spot' })
  expect(map.components[0]?.properties.get('zoom')).toMatchObject({ kind: 'constant', value: 4 })
  expect(map.actions[0]).toMatchObject({ kind: 'ask_agent' })
  const lineOf = (word: string) => text.slice(0, text.indexOf(word)).split('\n').length
  expect(result.notes.map(({ line, message }) => [line, message])).toEqual([
    [
      lineOf('"9.1"'),
      'version 9.1 of Flow JSON is newer than 7.3, the newest known here; what is new in it was not understood',
    ],
    [lineOf('"theme"'), 'the Flow JSON has "theme", which is not known here'],
    [
      lineOf('"polygon"'),
      'data "area" of screen "MAP" has the type "polygon"; it is one of string, number, boolean, object, array',
    ],
    [lineOf('"MapPicker"'), 'MapPicker "spot" of screen "MAP" is of a type that Flow JSON 7.3 does not have'],
    [lineOf('"hint"'), 'TextInput "street" of screen "MAP" has "hint", which is not known here'],
    [
      lineOf('"ask_agent"'),
      '"on-click-action" of Footer of screen "MAP" is "ask_agent"; it is one of data_exchange, navigate, complete, open_url, update_data',
    ],
  ])
})

const notesOf = (json: object): readonly string[] => {
  const result = readFlowJson(JSON.stringify(json), 'flow.json')
  return result.ok ? result.notes.map(({ message }) => message) : []
}

test('notes tell what Meta or a phone may refuse', () => {
  const input = { type: 'TextInput', name: 'town', label: 'Town' }
  expect(notesOf(oneScreen([{ ...input, requierd: true }]))).toEqual([
    'TextInput "town" of screen "ONLY" has "requierd", which is not known here; is "required" meant?',
  ])
  expect(notesOf(oneScreen([{ ...input, pattern: 'a', 'helper-text': 'b' }], {}, '6.1'))).toEqual([
    '"pattern" of TextInput "town" of screen "ONLY" needs version 6.2 of Flow JSON',
  ])
  expect(notesOf(oneScreen([{ type: 'ChipsSelector', name: 'a', label: 'A', 'data-source': [] }], {}, '6.2'))).toEqual([
    'ChipsSelector "a" of screen "ONLY" needs version 6.3 of Flow JSON',
  ])
  expect(
    notesOf(oneScreen([{ type: 'TextBody', text: 'In ${data.town}' }], { town: { type: 'string', __example__: 3 } })),
  ).toEqual([
    'the "__example__" of data "town" is no string such as its "type" asks for',
    '"In ${data.town}" mixes text with a reference; since version 6.0 that is written in backticks, as in `\'Hello \' ${form.name}`',
  ])
  expect(notesOf(oneScreen([{ type: 'TextBody' }, { type: 'OptIn', name: 'a' }]))).toEqual([
    'TextBody of screen "ONLY" has no "text", which Meta asks for',
    'OptIn "a" of screen "ONLY" has no "label", which Meta asks for',
  ])
  expect(notesOf(oneScreen([input, input]))).toEqual(['screen "ONLY" has two components of the name "town"'])
  expect(notesOf(oneScreen([], {}, '7.9'))).toHaveLength(1)
  expect(notesOf(oneScreen([], {}, '6.7'))).toEqual(['Meta has published no version 6.7 of Flow JSON'])
})

test('a navigate that gives the next screen too little, too much or another type is noted', () => {
  const flow = JSON.parse(flowJsonText('json/survey-2.1'))
  const footer = flow.screens[0].layout.children[0].children[3]
  footer['on-click-action'].payload = { liked: '${form.sleep}', more: 1 }
  expect(notesOf(flow)).toEqual([
    'Footer of screen "RATING" navigates to "COMMENT" without "sleep", which that screen declares',
    '"liked" is string here, but screen "COMMENT" declares it as list of string',
    'Footer of screen "RATING" navigates to "COMMENT" with "more", which that screen does not declare',
  ])
})

test('the corpus gives no notes', () => {
  const whole = FLOW_JSONS.filter((name) => !name.startsWith('json/'))
  expect(whole).toHaveLength(9)
  for (const name of whole) {
    const result = readFlowJson(flowJsonText(name), `${name}.json`)
    expect(result.ok && result.notes).toEqual([])
  }
})

test('a file may begin with a byte order mark, and lines may end as on Windows', () => {
  const text = `\uFEFF${flowJsonText('otp').replaceAll('\n', '\r\n')}`
  expect(screenOf(flowJsonOf(text), 'FORM_SCREEN').place).toEqual({ line: 6, column: 5 })
})
