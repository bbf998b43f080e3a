import { expect, test } from 'bun:test'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { SUCCESS } from '../trail/event.ts'
import { createActivity } from './activity.ts'

const MINUTE = 60_000
const FLOW = 'repair-booking'

test('people are on the screen they were sent last, until they complete or are silent for ten minutes', () => {
  let now = START
  const activity = createActivity(() => now)
  activity.noteEvent(eventOf({ token: 'ada', at: now, action: 'init', screen: '', next: 'SERVICE' }))
  activity.noteEvent(eventOf({ token: 'grace', at: now, screen: 'SERVICE', next: 'DATE' }))
  activity.noteEvent(eventOf({ token: 'ada', at: now, screen: 'SERVICE', next: 'DATE' }))
  expect(activity.view().present).toEqual({ [FLOW]: { DATE: 2 } })

  activity.noteEvent(eventOf({ token: 'grace', at: now, screen: 'DATE', next: SUCCESS, outcome: 'completed' }))
  expect(activity.view().present).toEqual({ [FLOW]: { DATE: 1 } })
  now += 10 * MINUTE + 1
  expect(activity.view().present).toEqual({})
})

test('requests without a token of their own are nobody, and events all the same', () => {
  const activity = createActivity(() => START)
  activity.noteEvent(eventOf({ token: 'unused', at: START }))
  expect(activity.view()).toMatchObject({ present: {}, newest: [{ at: START }] })
})

test('the newest fifty events, newest first, hold nothing that people entered', () => {
  const activity = createActivity(() => START)
  for (let index = 0; index < 60; index++)
    activity.noteEvent(eventOf({ token: `t${index}`, at: START + index, input: { phone: '+351 900' } }))
  const { newest } = activity.view()
  expect(newest.map(({ at }) => at - START)).toEqual(Array.from({ length: 50 }, (_, index) => 59 - index))
  expect(JSON.stringify(newest)).not.toContain('900')
})

test('the last ping and the last opening of each flow', () => {
  let now = START
  const activity = createActivity(() => now)
  expect(activity.view()).toMatchObject({ since: START, lastPing: {}, lastOpening: {} })
  activity.notePing(FLOW)
  now += MINUTE
  activity.notePing(FLOW)
  activity.noteEvent(eventOf({ at: now, action: 'init', screen: '', next: 'SERVICE' }))
  expect(activity.view()).toMatchObject({ lastPing: { [FLOW]: now }, lastOpening: { [FLOW]: now } })
})

test('names such as constructor are flows and screens like others', () => {
  const activity = createActivity(() => START)
  activity.noteEvent(eventOf({ flow: 'repair-booking', token: 'ada', at: START, screen: 'a', next: 'constructor' }))
  expect(activity.view().present[FLOW]).toEqual({ constructor: 1 } as never)
})
