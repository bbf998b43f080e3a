import { expect, test } from 'bun:test'
import { LOST_AFTER_MS, NOW, pageSessions } from '../../test/numbers-page.ts'
import { mergeScreenAggregates, type ScreenAggregate } from '../rollup/screen-aggregate.ts'
import { aggregateSessions, NO_SESSIONS } from '../rollup/session-aggregate.ts'
import { sessionStatistics } from '../rollup/session-statistics.ts'
import { frictionOf } from './friction.ts'
import { findingsOf } from './quality.ts'

const SCREENS = ['SERVICE', 'DATE', 'CONTACT', 'CONFIRM', 'EMERGENCY']
const asked = (copies: number) => sessionStatistics(aggregateSessions(pageSessions(copies)), NOW - LOST_AFTER_MS)
const statistics = asked(3)
const found = (seen: Partial<Parameters<typeof findingsOf>[0]>) =>
  findingsOf({ statistics, screens: [...SCREENS, 'HELP'], untracked: 0, shared: 0, ...seen })

test('had the twenty come three times: a screen that phones went to by themselves is all that is wrong with them', () =>
  expect(found({}).map(({ kind, screens }) => [kind, screens])).toEqual([['inferred_screens', ['HELP']]]))

test('once or twice is no pattern', () => {
  for (const copies of [1, 2]) expect(found({ statistics: asked(copies) })).toEqual([])
})

test.each([
  [3, 300, true],
  [3, 301, false],
  [4, 301, true],
  [2, 2, false],
])(
  'of the visits to a screen, %p of %p that the phone began, or left by Back, are worth saying: %p',
  (inferred, shown, isTold) => {
    const findingsWith = (more: Partial<ScreenAggregate>) => {
      const screens = { DATE: { ...(statistics.screens.DATE as ScreenAggregate), shown, ...more } }
      return found({ statistics: { ...statistics, screens }, screens: ['DATE'] }).map(({ kind }) => kind)
    }
    expect(findingsWith({ inferred })).toEqual(isTold ? ['inferred_screens'] : [])
    expect(findingsWith({ unseenBacks: inferred })).toEqual(isTold ? ['unseen_backs'] : [])
  },
)

test('unseen backs are told of a screen by its title, and the remedy by the id that the Flow JSON has', () => {
  const screens = { DATE: { ...(statistics.screens.DATE as ScreenAggregate), inferred: 0, unseenBacks: 9 } }
  const [finding] = found({ statistics: { ...statistics, screens }, screens: ['DATE'], nameOf: () => 'Date & time' })
  expect(finding?.found).toStartWith('On Date & time people went back')
  expect(finding?.remedy).toContain('"refresh_on_back": true on DATE,')
})

test('a rollup from before unseen backs were told apart has none', () => {
  const { unseenBacks: _, ...older } = statistics.screens.DATE as ScreenAggregate
  const merged = mergeScreenAggregates([older, { ...older, unseenBacks: 1 }])
  expect([merged.backs, merged.unseenBacks]).toEqual([6, 1])
  const screens = { ...statistics.screens, DATE: older }
  expect(frictionOf({ ...statistics, screens })[0]).toMatchObject({ screen: 'DATE', backs: 3, unseenBacks: 0 })
})

test.each<[kind: string, seen: Partial<Parameters<typeof findingsOf>[0]>, sentence: RegExp]>([
  ['untracked_events', { untracked: 7 }, /^7 requests came without a flow token/],
  ['shared_tokens', { shared: 98 }, /^One flow token, many people: 98 requests came under tokens/],
  ['unseen_screens', { screens: [...SCREENS, 'HELP', 'THANKS'] }, /^Nobody was seen on THANKS/],
  ['unknown_screens', { screens: SCREENS }, /^People were on HELP, which the config does not have/],
  [
    'no_openings',
    {
      statistics: sessionStatistics(
        aggregateSessions(
          pageSessions().map((session) => ({
            ...session,
            steps: session.steps.map((step) => ({ ...step, showing: 'inferred' as const })),
          })),
        ),
        NOW,
      ),
    },
    /^20 of 20 sessions began without an opening/,
  ],
])('%s is found, with what to do about it', (kind, seen, sentence) => {
  const finding = found(seen).find((each) => each.kind === kind)
  expect(finding?.found).toMatch(sentence)
  expect(finding?.remedy).toMatch(/\.$/)
})

test('where nobody came, nothing is held against the flow', () =>
  expect(found({ statistics: sessionStatistics(NO_SESSIONS, NOW) })).toEqual([]))
