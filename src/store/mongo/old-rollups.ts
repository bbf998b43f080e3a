// Rollups that have an age of their own, and leave by it.

import type { Model } from 'mongoose'
import { DAY_MS, HOUR_MS } from '../../lib/units.ts'
import { checkRemovable, type Frozen, oldRollupsOf, ROLLUPS_REMOVED, rollupsBeforeIn } from '../frozen.ts'
import type { Store } from '../store.ts'
import type { createDocuments } from './documents.ts'
import type { Models } from './models.ts'
import { DAYS_INDEX, HOURS_INDEX, type HourDocument, PARTS_INDEX } from './rollup-document.ts'

type Deps = {
  readonly models: Models
  readonly documents: ReturnType<typeof createDocuments>
  readonly frozen: () => Promise<Frozen>
}

type Calls = Pick<Store, 'rollupsBefore' | 'oldRollups' | 'removeRollups'>

export function createOldRollups({ models, documents, frozen }: Deps): Calls {
  const { sessionHours, eventHours, sessionDays, eventDays, sessionHourParts, eventHourParts } = models
  const rollupsBefore = async () =>
    rollupsBeforeIn(await documents.getDocument(ROLLUPS_REMOVED.kind, ROLLUPS_REMOVED.key, 0))

  const oldRollups = async (before: number) => {
    const isOld = { hour: { $lt: Math.floor(before / HOUR_MS) } }
    const among = (hours: Model<HourDocument>) =>
      hours.aggregate<{ _id: number }>([{ $match: isOld }, { $group: { _id: '$hour' } }]).hint(HOURS_INDEX)
    const found = await Promise.all([among(sessionHours), among(eventHours)])
    const hours = [...new Set(found.flat().map(({ _id: hour }) => hour))].sort((a, b) => a - b)
    return oldRollupsOf(hours.length, hours[0] ?? 0, hours.at(-1) ?? 0)
  }

  return {
    rollupsBefore,
    oldRollups,

    async removeRollups(before, limit) {
      checkRemovable(before, await frozen())
      // Before the first of them leaves: this can be broken off.
      if (before > (await rollupsBefore()) && (await oldRollups(before)).hours > 0)
        await documents.putDocument({ ...ROLLUPS_REMOVED, value: before }, { now: 0 })
      let removed = 0
      for (const hours of [sessionHours, eventHours])
        removed += await removeSome(hours, { hour: { $lt: before / HOUR_MS } }, HOURS_INDEX, limit)
      for (const days of [sessionDays, eventDays])
        removed += await removeSome(days, { day: { $lt: before / DAY_MS } }, DAYS_INDEX, limit)
      for (const parts of [sessionHourParts, eventHourParts])
        removed += await removeSome(parts, { from: { $lt: before } }, PARTS_INDEX, limit)
      return removed
    },
  }
}

/** Along the index: without it, the server would look at every document for the few that are old. */
async function removeSome<Document>(
  model: Model<Document>,
  filter: object,
  index: Readonly<Record<string, 1>>,
  limit: number,
): Promise<number> {
  const found = await model.find(filter, { _id: 1 }).hint(index).limit(limit).lean<{ _id: string }[]>()
  if (found.length === 0) return 0
  return (await model.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } } as object)).deletedCount
}
