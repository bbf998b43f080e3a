// Instants as people near the business read them: in the time zone of the config.

/** An instant for `<time>`: for machines, and for people. */
export type When = { readonly iso: string; readonly text: string }

export type Calendar = {
  readonly timezone: string
  /** `22 Nov 2026, 14:03` */
  readonly minute: (at: number) => When
  /** `22 Nov 2026, 14:03:27` */
  readonly second: (at: number) => When
  /** `14:03:27.512` */
  readonly moment: (at: number) => When
}

/** Made once: a formatter is dear to make and cheap to use. */
export function createCalendar(timezone: string): Calendar {
  const style = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hourCycle: 'h23', ...options })
    return (at: number): When => ({ iso: new Date(at).toISOString(), text: format.format(at) })
  }
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
  const minute = { hour: '2-digit', minute: '2-digit' } as const
  return {
    timezone,
    minute: style({ ...day, ...minute }),
    second: style({ ...day, ...minute, second: '2-digit' }),
    moment: style({ ...minute, second: '2-digit', fractionalSecondDigits: 3 }),
  }
}

/** The instant a day (`2026-11-22`) begins there, and the one it ends; undefined when there is no such day. */
export function dayBounds(
  day: string,
  timezone: string,
): { readonly from: number; readonly until: number } | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  try {
    const date = Temporal.PlainDate.from(day)
    const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(timezone).epochMilliseconds
    return { from: startOf(date), until: startOf(date.add({ days: 1 })) }
  } catch {
    return undefined
  }
}

/** Today there, as `2026-11-22`. */
export const dayOf = (at: number, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate().toString()
