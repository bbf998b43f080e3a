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
