import { expect, test } from 'bun:test'
import { flowJsonNamed, flowJsonOf, oneScreen, screenOf } from '../../test/flow-json-kit.ts'
import type { JsonObject } from '../lib/json.ts'
import { mismatchesOf } from './mismatches.ts'

const appointment = screenOf(flowJsonNamed('appointment'), 'APPOINTMENT')
const fitting: JsonObject = {
  department: [{ id: 'exam', title: 'Eye exam', enabled: true }],
  location: [],
  is_location_enabled: false,
  date: [],
  is_date_enabled: false,
  time: [],
  is_time_enabled: false,
}
const told = (data: JsonObject) =>
  mismatchesOf(appointment, data).map(({ path, reason, message }) => `${path} (${reason}): ${message}`)

test('data that fits, with more within objects and a message', () => {
  expect(told(fitting)).toEqual([])
  expect(told({ ...fitting, error_message: 'Choose a day' })).toEqual([])
})

test('every example of the files fits its own screen', () => {
  for (const name of ['otp', 'insurance', 'store-cart', 'offer'])
    for (const screen of flowJsonNamed(name).screens.values()) {
      const examples = Object.fromEntries([...screen.data].map(([key, { example }]) => [key, example ?? null]))
      expect(mismatchesOf(screen, examples)).toEqual([])
    }
})

test('missing, null, of another type, undeclared: each with its path', () => {
  const { time: _, ...withoutTime } = fitting
  expect(
    told({ ...withoutTime, is_date_enabled: 'yes', location: null, department: [{ id: 7 }, 'exam'], hint: 'x' }),
  ).toEqual([
    'department[0].id (type): department[0].id is number, but the data of screen APPOINTMENT declares it as string',
    'department[0].title (missing): department[0].title is missing, which the data of screen APPOINTMENT declares as string',
    'department[1] (type): department[1] is string, but the data of screen APPOINTMENT declares it as object',
    'location (null): location is null, which Flow JSON does not know; the data of screen APPOINTMENT declares it as list of object',
    'is_date_enabled (type): is_date_enabled is string, but the data of screen APPOINTMENT declares it as boolean',
    'time (missing): time is missing, which the data of screen APPOINTMENT declares as list of object',
    'hint (undeclared): hint is not declared in the data of screen APPOINTMENT',
  ])
})

test('a list is no object, and an object no list', () => {
  expect(told({ ...fitting, department: { id: 'exam' }, location: [[]] })).toEqual([
    'department (type): department is object, but the data of screen APPOINTMENT declares it as list of object',
    'location[0] (type): location[0] is list, but the data of screen APPOINTMENT declares it as object',
  ])
})

test('null is found also where nothing is declared', () => {
  const screen = screenOf(
    flowJsonOf(oneScreen([], { any: { type: 'object', __example__: {} }, list: { type: 'array', __example__: [] } })),
    'ONLY',
  )
  expect(
    mismatchesOf(screen, { any: { a: [{ b: null }] }, list: [1, null] }).map(({ path, reason }) => [path, reason]),
  ).toEqual([
    ['any.a[0].b', 'null'],
    ['list[1]', 'null'],
  ])
})

test('names that objects have anyway are names like others', () => {
  const screen = screenOf(flowJsonOf(oneScreen([], { constructor: { type: 'string', __example__: '' } })), 'ONLY')
  expect(mismatchesOf(screen, {}).map(({ path, reason }) => [path, reason])).toEqual([['constructor', 'missing']])
  expect(mismatchesOf(screen, { constructor: 'a' })).toEqual([])
})

test('of a hundred thousand mismatches fifty are told', () => {
  expect(mismatchesOf(appointment, { ...fitting, time: Array.from({ length: 100_000 }, () => 1) })).toHaveLength(50)
})
