import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileFlow } from '../flow/compile.ts'
import type { Flow } from '../flow/definition.ts'
import { flow as flowSchema } from '../flow/schema.ts'
import { loadProfile } from './load-profile.ts'

const compiled = compileFlow(
  'repair-booking',
  flowSchema.parse({
    start: 'SERVICE_SELECTION',
    screens: {
      SERVICE_SELECTION: { fields: { service: { type: 'choice', in: ['emergency', 'routine'] } }, next: 'DATE_TIME' },
      DATE_TIME: { fields: { date: { type: 'date' } }, complete: {} },
    },
  }),
)
const flow = (compiled as { flow: Flow }).flow

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profile-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(text: string) {
  const file = join(folder, 'people.yaml')
  await Bun.write(file, text)
  return loadProfile(file, flow)
}

describe('a profile', () => {
  test('that comes with the product suits its flow', async () => {
    const loaded = await loadProfile(join(import.meta.dir, '../../flows/repair-booking.profile.yaml'), flow)
    if (!loaded.ok) throw new Error(loaded.mistakes[0]?.message)
    const { profile } = loaded
    expect(profile.values.get('service')).toEqual([
      { value: 'emergency', weight: 0.4 },
      { value: 'routine', weight: 0.6 },
    ])
    expect(profile.leave.map(({ screen, chance }) => [screen, chance])).toEqual([
      ['DATE_TIME', 0.8],
      ['DATE_TIME', 0.08],
      [undefined, 0.05],
    ])
    expect(await profile.leave[0]?.when?.evaluate({ known: { service: 'emergency' } })).toEqual({
      ok: true,
      value: true,
    })
  })

  test('may be empty', async () => {
    const loaded = await load('# nothing special\n')
    expect(loaded).toMatchObject({ ok: true, profile: { dataApi: '4.0', pace: { medianMs: 8_000 } } })
  })

  test.each([
    ['invalid: often', 1, 10, 'expected a chance from 0 to 1, found "often"'],
    ['back: 1.5', 1, 7, 'expected a chance from 0 to 1, found 1.5'],
    ['\nspeed: 3', 2, 1, 'speed is not a setting here; expected one of values, leave, invalid, '],
    [
      'pace: quick',
      1,
      7,
      'expected the median seconds on a screen, such as 8 or { median: 8, spread: 0.6 }, found "quick"',
    ],
    ['data_api: 4.0', 1, 11, 'expected "3.0" or "4.0", with the quotes, found 4'],
    ['values:\n  service: emergency', 2, 12, 'expected a list of values, or weights by value such as '],
    ['values: { service: { emergency: 0 } }', 1, 20, 'expected a list of values, or weights by value such as '],
    ['values: { colour: [red] }', 1, 11, 'field "colour" is not in the flow; the fields are service, date'],
    ['mistakes: none', 1, 11, 'expected mistakes by field, such as { phone: { "call me": 0.1 } }, found "none"'],
    ['mistakes: { date: someday }', 1, 19, 'expected chances by value, such as { "call me": 0.1 }, found "someday"'],
    ['mistakes: { date: { someday: often } }', 1, 30, 'expected a chance from 0 to 1, found "often"'],
    ['mistakes: { colour: { red: 0.1 } }', 1, 13, 'field "colour" is not in the flow; the fields are service, date'],
    ['values: { service: [leak] }', 1, 20, '"leak" is not a value of service; it takes emergency, routine'],
    ['leave: 0.3', 1, 8, 'expected a list; expected a rule such as { screen: DATE_TIME, chance: 0.1 }, found 0.3'],
    ['leave: [0.3]', 1, 9, 'expected a rule such as { screen: DATE_TIME, chance: 0.1 }, found 0.3'],
    ['leave:\n  - { screen: PAY, chance: 0.3 }', 2, 15, 'screen "PAY" is not in the flow; the screens are SERVICE_'],
    ['leave:\n  - { screen: DATE_TIME }', 2, 5, 'expected a chance from 0 to 1, found nothing'],
    ['leave:\n  - { chance: 1, why: x }', 2, 18, 'why is not a setting here; expected one of screen, when, chance'],
    ['leave:\n  - { when: "a +", chance: 1 }', 2, 13, '"a +" is not a JSONata expression: '],
    ['back: 0.1\nback: 0.2', 2, 1, '`back` is written twice'],
    ['- a\n', 1, 1, 'expected settings such as `invalid: 0.1`, found ["a"]'],
  ])('%j is named with its place', async (text, line, column, message) => {
    const loaded = await load(text)
    expect(loaded.ok ? [] : loaded.mistakes).toMatchObject([
      { file: join(folder, 'people.yaml'), line, column, message: expect.stringContaining(message) },
    ])
  })

  test('that is not there is named', async () => {
    const loaded = await loadProfile(join(folder, 'nobody.yaml'), flow)
    expect(loaded).toMatchObject({
      ok: false,
      mistakes: [{ message: 'cannot read the profile: there is no such file' }],
    })
  })
})
