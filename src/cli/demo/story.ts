// What happens in the thirty days of the demo, and what its people are like.

import { parseDocument } from 'yaml'
import { dayOf, dayPlus, daysFrom, instantAt, weekdayOf } from '../../lib/days.ts'

export const FLOW = 'repair-booking'

export type Story = {
  /** The days of the history; the last one is today. */
  readonly days: readonly string[]
  readonly startsAt: number
  /** When the second version of the flow takes over from the first. */
  readonly changesAt: number
  /** The evening on which the API of the time slots is down. */
  readonly outage: { readonly from: number; readonly until: number }
}

export function storyAt(now: number, timezone: string): Story {
  const today = dayOf(now, timezone)
  const days = daysFrom(dayPlus(today, 1 - DAYS), today)
  const at = (day: string | undefined, hour: number) => instantAt(day as string, hour, timezone)
  const badDay = days.slice(-10, -3).find((day) => weekdayOf(day) === BUSIEST_WEEKDAY)
  return {
    days,
    startsAt: at(days[0], 0),
    changesAt: at(days[DAYS / 2], CHANGE_HOUR),
    outage: { from: at(badDay, OUTAGE_HOURS[0]), until: at(badDay, OUTAGE_HOURS[1]) },
  }
}

const DAYS = 30
const CHANGE_HOUR = 3
/** Monday. */
const BUSIEST_WEEKDAY = 1
/** From and until. */
const OUTAGE_HOURS = [18, 21] as const

export type DemoConfig = {
  readonly timezone: string
  readonly slotsUrl: string
  /** The first asks for the time slots without telling the API what they are for. */
  readonly version: 1 | 2
}

/** The config that `init` writes, changed so that the time slots come from an API. */
export function demoConfig(initial: string, { timezone, slotsUrl, version }: DemoConfig): string {
  const config = parseDocument(initial)
  config.setIn(['server', 'timezone'], timezone)
  // Nobody misses the demo's last moments after a power failure.
  config.setIn(['journal', 'durability'], 'process')
  const parameters = version === 1 ? {} : { service: 'known.service' }
  const screen = ['flows', FLOW, 'screens', 'DATE_TIME']
  config.setIn([...screen, 'ask'], { slots: { with: parameters, else: [] } })
  config.setIn([...screen, 'data', 'slots'], { expr: 'api.slots.body' })
  config.setIn(['flows', FLOW, 'apis'], { slots: { url: slotsUrl, timeout: '5s', cache: '60s' } })
  return config.toString()
}

/** See flows/repair-booking.profile.yaml. */
export const PROFILE = {
  values: { service: { emergency: 0.4, routine: 0.6 } },
  leave: [
    // Nobody with a burst pipe wants a calendar; an empty one is of no use to anybody.
    { screen: 'DATE_TIME', when: "known.service = 'emergency' and $not('asap' in data.slots.id)", chance: 0.8 },
    { screen: 'DATE_TIME', when: "known.service = 'emergency'", chance: 0.35 },
    { screen: 'DATE_TIME', chance: 0.08 },
    { chance: 0.05 },
  ],
  mistakes: { phone: { '912 345 678 after 6 pm': 0.2 } },
  invalid: 0.04,
  pace: { median: 15, spread: 0.9 },
}
