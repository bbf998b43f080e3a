import { expect, test } from 'bun:test'
import { flowJsonNamed, flowJsonOf, oneScreen, screenOf } from '../../test/flow-json-kit.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { fitsAll, fitted } from './fitting.ts'
import { BOOLEAN, objectOf, STRING } from './value-type.ts'

const { data: declared } = screenOf(flowJsonNamed('appointment'), 'APPOINTMENT')
const fitting: JsonObject = {
  department: [{ id: 'exam', title: 'Eye exam', enabled: true }],
  location: [],
  is_location_enabled: false,
  date: [],
  is_date_enabled: false,
  time: [],
  is_time_enabled: false,
}
const fit = (name: string, value: Json | undefined) => {
  const property = declared.get(name)
  if (!property) throw new Error(`there is no ${name}`)
  const { value: found, misfits } = fitted(property.type, value, name)
  return { found, told: misfits.map(({ message }) => message) }
}

test('data that fits, with more beside it and within objects', () => {
  expect(fitsAll(declared, fitting)).toBe(true)
  expect(fitsAll(declared, { ...fitting, error_message: 'Choose a day' })).toBe(true)
  expect(fit('department', fitting.department as Json)).toEqual({ found: fitting.department, told: [] })
})

test('every example of the files fits its own screen', () => {
  for (const name of ['otp', 'insurance', 'store-cart', 'offer'])
    for (const { data } of flowJsonNamed(name).screens.values())
      expect(fitsAll(data, Object.fromEntries([...data].map(([key, { example }]) => [key, example ?? null])))).toBe(
        true,
      )
})

test.each([
  ['what is missing', 'time', undefined],
  ['null', 'location', null],
  ['another type', 'is_date_enabled', 'yes'],
  ['a single value', 'department', { id: 'exam', title: 'Eye exam' }],
  ['a number for a text', 'department', [{ id: 7, title: 'Eye exam' }]],
])('%s does not fit as it is', (_, name, value) => {
  const { [name]: _left, ...others } = fitting
  expect(fitsAll(declared, value === undefined ? others : { ...others, [name]: value })).toBe(false)
})

test('what loses nothing by it is made to fit', () => {
  expect(fit('department', { id: 7, title: 'Eye exam' })).toEqual({ found: [{ id: '7', title: 'Eye exam' }], told: [] })
  const number = { type: 'number' } as const
  expect(fitted(number, '12.5', 'n')).toEqual({ value: 12.5, misfits: [] })
  for (const text of ['007', '1e3', '', ' 5', '1,5', 'Infinity'])
    expect(fitted(number, text, 'n').value).toBeUndefined()
})

test('within an object, only what makes it an option must be there', () => {
  const { data } = screenOf(flowJsonNamed('json/branches-4.0'), 'VISIT')
  const hours = data.get('hours')
  if (!hours) throw new Error('VISIT should have hours')
  const fit = (value: Json) => fitted(hours.type, value, 'hours').misfits.map(({ path }) => path)
  expect(fit([{ id: 'am', title: 'Morning' }])).toEqual([])
  expect(fit([{ id: 'am', title: 'Morning', enabled: null }])).toEqual([])
  expect(fit([{ id: 'am', enabled: true }])).toEqual(['hours.title'])
})

test('what does not fit is left out, alone, and told once', () => {
  expect(fit('department', [{ id: 'a', title: true }, 'exam', { id: 'b', title: 'B' }, 'eye'])).toEqual({
    found: [{ id: 'b', title: 'B' }],
    told: [
      'department.title is boolean; the Flow JSON declares it as string',
      'department is string; the Flow JSON declares it as object',
    ],
  })
  expect(fit('department', { id: 'a' }).found).toBeUndefined()
  const option = objectOf([
    ['id', STRING],
    ['enabled', BOOLEAN],
  ])
  expect(fitted(option, { id: 'a', enabled: 'no' }, 'option').value).toEqual({ id: 'a' })
  expect(fit('is_date_enabled', 'yes')).toEqual({
    found: undefined,
    told: ['is_date_enabled is string; the Flow JSON declares it as boolean'],
  })
  expect(fit('department', 'exam').found).toBeUndefined()
  expect(fit('time', undefined)).toEqual({
    found: undefined,
    told: ['time is missing; the Flow JSON declares it as list of object'],
  })
})

test('a hundred thousand that do not fit are told as one', () => {
  const { found, told } = fit(
    'time',
    Array.from({ length: 100_000 }, () => 1),
  )
  expect(found).toEqual([])
  expect(told).toHaveLength(1)
})

test('names that objects have anyway are names like others', () => {
  const { data } = screenOf(flowJsonOf(oneScreen([], { constructor: { type: 'string', __example__: '' } })), 'ONLY')
  expect(fitsAll(data, {})).toBe(false)
  expect(fitsAll(data, { constructor: 'a' })).toBe(true)
})
