import type { Clock } from '../lib/clock.ts'
import type { RandomId } from '../lib/ids.ts'
import type { Incident, IncidentCategory } from '../trail/incident.ts'

export type IncidentLog = {
  record(category: IncidentCategory, flow: string, detail: string): void
  /** Writes the summaries of the minutes that are over; `all` also the one of the minute that is not. */
  summarise(all?: boolean): void
}

/** Incidents of one category kept in one minute; the rest are one summary, so a flood cannot fill the disk. */
export const KEPT_PER_MINUTE = 30

const MINUTE = 60_000
const MAX_FLOW = 64

export function createIncidentLog(deps: {
  readonly note: (incident: Incident) => void
  readonly clock: Clock
  readonly randomId: RandomId
}): IncidentLog {
  const { note, clock, randomId } = deps
  const minutes = new Map<IncidentCategory, { minute: number; kept: number; more: number }>()

  const close = (category: IncidentCategory) => {
    const counted = minutes.get(category)
    minutes.delete(category)
    if (!counted || counted.more === 0) return
    const detail = `${counted.more} more in the minute after ${KEPT_PER_MINUTE} were kept`
    note({ id: randomId(), at: clock(), category, flow: '', detail, count: counted.more })
  }

  return {
    record(category, flow, detail) {
      const at = clock()
      const minute = Math.floor(at / MINUTE)
      if (minutes.get(category)?.minute !== minute) close(category)
      const counted = minutes.get(category) ?? { minute, kept: 0, more: 0 }
      minutes.set(category, counted)
      if (counted.kept >= KEPT_PER_MINUTE) {
        counted.more++
        return
      }
      counted.kept++
      note({ id: randomId(), at, category, flow: flow.slice(0, MAX_FLOW), detail, count: 1 })
    },
    summarise(all = false) {
      const minute = Math.floor(clock() / MINUTE)
      for (const [category, counted] of minutes) if (all || counted.minute !== minute) close(category)
    },
  }
}
