// When a cron expression says that it is time. In UTC, where no hour is missing and none comes twice.

import { parse } from 'node-cron'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './units.ts'

export type Slots = ReturnType<typeof slotsOf>

/**
 * The times of an expression (minutes, hours, days of the month, months, days of the week), milliseconds since the epoch. Undefined where
 * there is none within five years. Throws what is wrong with the expression.
 */
export function slotsOf(cron: string) {
  const fields = parse(cron)
  if ([...fields.dayOfMonth, ...fields.dayOfWeek].some((day) => typeof day === 'string'))
    throw new Error(`the times "${cron}" name days such as L or 1#2, which are not kept here; list days by number`)
  const times = fields.hour
    .flatMap((hour) => fields.minute.map((minute) => hour * HOUR_MS + minute * MINUTE_MS))
    .toSorted((a, b) => a - b)
  const isOn = (day: number): boolean => {
    const date = new Date(day)
    return (
      fields.month.includes(date.getUTCMonth() + 1) &&
      fields.dayOfMonth.includes(date.getUTCDate()) &&
      fields.dayOfWeek.includes(date.getUTCDay())
    )
  }
  const search = (at: number, step: 1 | -1, isWanted: (slot: number) => boolean): number | undefined => {
    const inOrder = step > 0 ? times : times.toReversed()
    const today = Math.floor(at / DAY_MS) * DAY_MS
    for (let days = 0; days <= LONGEST_DAYS; days++) {
      const day = today + step * days * DAY_MS
      const slot = isOn(day) ? inOrder.map((time) => day + time).find(isWanted) : undefined
      if (slot !== undefined) return slot
    }
    return undefined
  }
  return {
    lastUpTo: (at: number) => search(at, -1, (slot) => slot <= at),
    nextAfter: (at: number) => search(at, 1, (slot) => slot > at),
  }
}

/** A leap day comes every four years, mostly. */
const LONGEST_DAYS = 5 * 366
