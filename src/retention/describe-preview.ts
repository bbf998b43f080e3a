import { plural } from '../lib/plural.ts'
import { showSize } from '../lib/units.ts'
import type { Totals } from '../store/store.ts'
import type { Expiring, Preview } from './preview.ts'

/** What a run would remove, in sentences. */
export function describePreview(
  { events, sessions, rollups }: Preview,
  totals: Pick<Totals, 'events' | 'bytes'>,
): string[] {
  return [
    lineOf('event', events),
    lineOf('session', sessions),
    ...numbersLine(rollups),
    ...roomOf(events.count, totals),
  ]
}

const numbersLine = ({ hours, from = 0, until = 0 }: Preview['rollups']): string[] =>
  hours === 0
    ? []
    : [
        `The numbers of ${plural(hours, 'hour')} from ${new Date(from).toISOString()} to ${new Date(until).toISOString()}.`,
      ]

/** `312 events from 2026-03-02T09:00:00.000Z to …: repair-booking 300, feedback 12.` */
function lineOf(name: string, { count, flows, from = 0, to = 0 }: Expiring): string {
  if (count === 0) return `No ${name} is too old.`
  const byFlow = Object.entries(flows).map(([flow, number]) => `${flow} ${number.toLocaleString('en')}`)
  return `${plural(count, name)} from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}: ${byFlow.join(', ')}.`
}

const roomOf = (events: number, { events: all, bytes }: Pick<Totals, 'events' | 'bytes'>): string[] =>
  events === 0 || bytes === 0 ? [] : [`That is at most ${showSize((bytes * events) / all)} of ${showSize(bytes)}.`]
