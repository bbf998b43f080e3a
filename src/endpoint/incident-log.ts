import type { Clock } from '../lib/clock.ts'
import type { RandomId } from '../lib/ids.ts'
import { MINUTE_MS } from '../lib/units.ts'
import type { Incident, IncidentCategory } from '../trail/incident.ts'

export type IncidentLog = {
  /** `flow`: a key of the config, or empty. `detail` never quotes the request. */
  record(category: IncidentCategory, flow: string, detail: string): void
  /** Writes the summaries of past minutes; with `all` also of the present one. */
  summarise(all?: boolean): void
}

/** Per category. The others become one summary, so that a flood cannot fill the disk. */
const KEPT_PER_MINUTE = 30

type IncidentLogDeps = {
  readonly note: (incident: Incident) => void
  readonly clock: Clock
  readonly randomId: RandomId
}

export function createIncidentLog({ note, clock, randomId }: IncidentLogDeps): IncidentLog {
  const minutes = new Map<IncidentCategory, { minute: number; kept: number; more: Map<string, number> }>()

  const close = (category: IncidentCategory) => {
    const counted = minutes.get(category)
    minutes.delete(category)
    if (!counted) return
    // Within its minute, though written later.
    const at = Math.min(clock(), (counted.minute + 1) * MINUTE_MS - 1)
    for (const [flow, count] of counted.more) {
      const detail = `${count} more in the minute after ${KEPT_PER_MINUTE} were kept`
      note({ id: randomId(), at, category, flow, detail, count })
    }
  }

  return {
    record(category, flow, detail) {
      const at = clock()
      const minute = Math.floor(at / MINUTE_MS)
      if (minutes.get(category)?.minute !== minute) close(category)
      const counted = minutes.getOrInsertComputed(category, () => ({ minute, kept: 0, more: new Map() }))
      if (counted.kept >= KEPT_PER_MINUTE) {
        counted.more.set(flow, (counted.more.get(flow) ?? 0) + 1)
        return
      }
      counted.kept++
      note({ id: randomId(), at, category, flow, detail, count: 1 })
    },
    summarise(all = false) {
      const minute = Math.floor(clock() / MINUTE_MS)
      for (const [category, counted] of minutes) if (all || counted.minute !== minute) close(category)
    },
  }
}
