import { expect, test } from 'bun:test'
import { flowJsonNamed, flowJsonOf, oneScreen } from '../../test/flow-json-kit.ts'
import { conflictingNames } from './conflicting-names.ts'
import { type Field, fieldsOf } from './fields.ts'
import type { FlowJson } from './flow-json.ts'
import { typeName } from './value-type.ts'

/** `name: type < SCREEN.component …`, with `sent` where the endpoint may have sent it, and `?` where not each request has it. */
const inWords = (fields: readonly Field[]): readonly string[] =>
  fields.map(({ name, type, origins, isSent, isAlwaysSent, constants }) => {
    const from = origins.map(({ screen, component, path }) => ` < ${[screen, component.name, ...path].join('.')}`)
    const values = constants.map((value) => ` = ${JSON.stringify(value)}`)
    return `${name}${isAlwaysSent ? '' : '?'}: ${typeName(type)}${from.join('')}${isSent ? ' sent' : ''}${values.join('')}`
  })

const submitted = (flowJson: FlowJson, screen: string) => inWords(fieldsOf(flowJson, screen, ['data_exchange']))

test('what a screen submits, and where people entered it', () => {
  expect(submitted(flowJsonNamed('otp'), 'FORM_SCREEN')).toEqual([
    'name: string < FORM_SCREEN.name',
    'email: string < FORM_SCREEN.email',
  ])
  expect(submitted(flowJsonNamed('otp'), 'OTP_SCREEN')).toEqual([
    'resend?: boolean = true',
    'code?: string < OTP_SCREEN.code',
  ])
})

test('what navigate passed on is traced to the screen before', () => {
  expect(submitted(flowJsonNamed('appointment'), 'DETAILS')).toEqual([
    'department: string < APPOINTMENT.department sent',
    'location: string < APPOINTMENT.location sent',
    'date: string < APPOINTMENT.date sent',
    'time: string < APPOINTMENT.time sent',
    'name: string < DETAILS.name',
    'email: string < DETAILS.email',
    'phone: string < DETAILS.phone',
    'note: string < DETAILS.note',
  ])
})

test('what the endpoint sent has no origin', () => {
  expect(submitted(flowJsonNamed('appointment'), 'SUMMARY')[0]).toBe('department: string sent')
  expect(submitted(flowJsonNamed('imss'), 'IMSS_HANDOFF')).toEqual([
    'profile: string sent',
    'pension: string sent',
    'monto: string sent',
    'pago: string sent',
    'plazo: string sent',
    'nombre: string < IMSS_HANDOFF.nombre',
    'ciudad: string < IMSS_HANDOFF.ciudad',
  ])
})

test('several actions of a screen: what each of them has is always sent', () => {
  expect(submitted(flowJsonNamed('salon-booking'), 'BOOKING_SCREEN')).toEqual([
    'service_ids?: list of string < BOOKING_SCREEN.service_ids',
    'date?: string < BOOKING_SCREEN.date',
    'time_slot?: string < BOOKING_SCREEN.time_slot',
  ])
  expect(submitted(flowJsonNamed('loan'), 'LOAN')).toEqual([
    'amount: string < LOAN.amount',
    'tenure: string < LOAN.tenure',
    'emi?: string sent',
  ])
})

test('items of lists that act by themselves', () => {
  expect(submitted(flowJsonNamed('store-cart'), 'MENU')).toEqual(['op: string sent', 'category?: string sent'])
  expect(submitted(flowJsonNamed('store-cart'), 'CART')).toEqual([
    'op: string sent = "menu" = "delivery"',
    'line?: string sent',
  ])
  expect(submitted(flowJsonNamed('json/navigation-6.2'), 'BIKES')).toEqual(['bike: string sent', 'price: number sent'])
})

test('other screens, objects and lists', () => {
  const fields = fieldsOf(flowJsonNamed('json/global-fields-4.0'), 'ADDRESS', ['complete'])
  expect(inWords(fields)).toEqual([
    'size?: string < PARCEL.size',
    'cover?: string < COVER.cover',
    'depot?: string sent',
    'to?: object < ADDRESS.street.street',
    'tags?: list of string < PARCEL.size',
  ])
})

test('one name in two branches', () => {
  const [, breed] = fieldsOf(flowJsonNamed('json/branches-4.0'), 'PET')
  expect(breed?.origins.map(({ component }) => component.type)).toEqual(['Dropdown', 'TextInput'])
})

test('expressions: texts side by side, sums, comparisons', () => {
  expect(inWords(fieldsOf(flowJsonNamed('json/expressions-6.0'), 'TABLE'))).toEqual([
    'name?: string < TABLE.first_name',
    'guests?: string < TABLE.guests',
    'deposit?: number < TABLE.guests sent',
    'greeting?: string < TABLE.first_name',
    'is_large?: boolean < TABLE.guests',
  ])
})

test.each([
  ['OptIn', {}, 'boolean'],
  ['DatePicker', {}, 'string'],
  ['CalendarPicker', {}, 'string'],
  ['CalendarPicker', { mode: 'range' }, 'object'],
  ['CalendarPicker', { mode: '${data.mode}' }, 'unknown'],
  ['ChipsSelector', { 'data-source': [{ id: 'a' }] }, 'list of string'],
  ['CheckboxGroup', { 'data-source': [{ id: 'a' }] }, 'list of string'],
  ['RadioButtonsGroup', { 'data-source': [{ id: 'a' }] }, 'string'],
  ['PhotoPicker', {}, 'list of object'],
  ['DocumentPicker', {}, 'list of object'],
  ['HologramInput', {}, 'unknown'],
])('%s %j submits %s', (type, properties, expected) => {
  const input = { type, name: 'it', label: 'It', ...properties }
  const send = {
    type: 'EmbeddedLink',
    text: 'Go',
    'on-click-action': { name: 'data_exchange', payload: { it: '${form.it}' } },
  }
  const flowJson = flowJsonOf(oneScreen([input, send], { mode: { type: 'string', __example__: 'single' } }))
  expect(fieldsOf(flowJson, 'ONLY').map((field) => typeName(field.type))).toEqual([expected])
})

test('screens that follow each other in a circle are traced once', () => {
  const screen = (id: string, to: string) => ({
    id,
    data: { word: { type: 'string', __example__: '' } },
    layout: {
      type: 'SingleColumnLayout',
      children: [
        { type: 'TextInput', name: 'word', label: 'Word' },
        {
          type: 'Footer',
          label: 'Go',
          'on-click-action': {
            name: 'navigate',
            next: { type: 'screen', name: to },
            payload: { word: id === 'A' ? '${form.word}' : '${data.word}' },
          },
        },
      ],
    },
  })
  const flowJson = flowJsonOf({ version: '7.3', screens: [screen('A', 'B'), screen('B', 'C'), screen('C', 'B')] })
  expect(inWords(fieldsOf(flowJson, 'C'))).toEqual(['word?: string < A.word sent'])
})

/** Sends what it was sent to the next, packed into an object, in as many ways. */
const wrapping = (id: string, to: string, ways: readonly string[]) => ({
  id,
  data: { word: { type: 'object', __example__: {} } },
  layout: {
    type: 'SingleColumnLayout',
    children: [
      { type: 'TextInput', name: 'word', label: 'Word' },
      ...ways.map((way) => ({
        type: 'EmbeddedLink',
        text: 'Go',
        'on-click-action': {
          name: 'navigate',
          next: { type: 'screen', name: to },
          payload: { word: { [way]: id === 'A' ? '${form.word}' : '${data.word}' } },
        },
      })),
    ],
  },
})

test('what is packed into an object on each way round a circle is traced once', () => {
  const screens = [wrapping('A', 'B', ['x']), wrapping('B', 'C', ['x']), wrapping('C', 'B', ['x'])]
  const [field] = fieldsOf(flowJsonOf({ version: '7.3', screens }), 'C')
  expect(field?.origins.map(({ screen, path }) => [screen, path.length > 0])).toEqual([['A', true]])
})

test('screens in a row that each have two ways on are traced once each, not once for every way through', () => {
  const ids = Array.from({ length: 40 }, (_, index) => (index === 0 ? 'A' : `A${'_'.repeat(index)}`))
  const screens = ids.slice(0, -1).map((id, index) => wrapping(id, ids[index + 1] as string, ['x', 'y']))
  const flowJson = flowJsonOf({ version: '7.3', screens: [...screens, wrapping(ids.at(-1) as string, 'A', [])] })
  const [field] = fieldsOf(flowJson, ids.at(-2) as string)
  expect([...new Set(field?.origins.map(({ screen }) => screen))]).toEqual(['A'])
})

test('a name that two screens submit with different types', () => {
  expect(conflictingNames(flowJsonNamed('insurance'))).toEqual([])
  const input = (type: string) => ({
    type,
    name: 'it',
    label: 'It',
    ...(type === 'CheckboxGroup' && { 'data-source': [{ id: 'a' }] }),
  })
  const screen = (id: string, type: string) => ({
    id,
    layout: {
      type: 'SingleColumnLayout',
      children: [
        input(type),
        { type: 'Footer', label: 'Go', 'on-click-action': { name: 'data_exchange', payload: { it: '${form.it}' } } },
      ],
    },
  })
  const flowJson = flowJsonOf({ version: '7.3', screens: [screen('A', 'TextInput'), screen('B', 'CheckboxGroup')] })
  const mixed = flowJsonOf(
    oneScreen(
      ['TextInput', 'CheckboxGroup', 'TextInput'].map((type, index) => ({
        type: 'EmbeddedLink',
        text: 'Go',
        'on-click-action': { name: 'data_exchange', payload: { it: type === 'TextInput' ? `${index}` : [index] } },
      })),
    ),
  )
  expect(fieldsOf(mixed, 'ONLY').map((field) => typeName(field.type))).toEqual(['unknown'])
  expect(conflictingNames(flowJson).map(({ name, message }) => [name, message])).toEqual([
    [
      'it',
      '"it" is submitted with different types (string on A, list of string on B); another name on one of them keeps the two apart',
    ],
  ])
})
