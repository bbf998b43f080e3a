import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { endingsOf, shorten, widthOf } from './texts.ts'

const screen = { id: 'A', title: '', visits: 1_204, entries: 0, loops: 0, completed: 0, open: 3, lost: 226 }

test('a name is kept if it fits, or else ends early with an ellipsis', () => {
  expect(shorten('Date', 100)).toBe('Date')
  expect(shorten('Pick a date and time', 100)).toBe('Pick a date…')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 20, max: 200 }), (name, room) => {
      const short = shorten(name, room)
      if (short !== name) expect(name.startsWith(short.slice(0, -1))).toBe(true)
      expect(widthOf({ ...screen, title: short, open: 0, lost: 0 })).toBeLessThanOrEqual(room + 2)
    }),
  )
})

test.each([
  ['👩‍🔧👩‍🔧👩‍🔧👩‍🔧', '👩‍🔧👩‍🔧…'],
  ['اختر موعدًا يناسبك', 'اختر…'],
  ['日時を選んでください', '日時…'],
])('%s is cut between whole characters', (name, expected) => {
  expect(shorten(name, 40)).toBe(expected)
})

test('endings are named with their count, losses with their share of the visits', () => {
  expect(endingsOf(screen).map(({ text }) => text)).toEqual(['3 open', '226 lost · 19%'])
})
