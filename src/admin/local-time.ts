// Instants in the time zone of the config.

import type { LocalTime } from '../../views/parts/time.tsx'

export type LocalTimeFormat = ReturnType<typeof createLocalTimeFormat>

/** Call it once: creating an `Intl.DateTimeFormat` is slow, using it is fast. */
export function createLocalTimeFormat(timezone: string) {
  const formatter = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hourCycle: 'h23', ...options })
    return (at: number): LocalTime => ({ iso: new Date(at).toISOString(), text: format.format(at) })
  }
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
  const minute = { hour: '2-digit', minute: '2-digit' } as const
  return {
    timezone,
    /** `22 Nov 2026, 14:03` */
    minute: formatter({ ...day, ...minute }),
    /** `22 Nov 2026, 14:03:27` */
    second: formatter({ ...day, ...minute, second: '2-digit' }),
    /** `14:03:27.512` */
    millisecond: formatter({ ...minute, second: '2-digit', fractionalSecondDigits: 3 }),
  }
}
