// Rollups that have an age of their own, and leave by it.

import type { Model } from 'mongoose'
import { DAY_MS, HOUR_MS } from '../../lib/units.ts'
import { checkRemovable, type Frozen, oldRollupsOf, ROLLUPS_REMOVED, rollupsBeforeIn } from '../frozen.ts'
import type { Store } from '../store.ts'
import type { createDocuments } from './documents.ts'
import type { Models } from './models.ts'

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

  return {
    rollupsBefore,

    async oldRollups(before) {
      const isOld = { hour: { $lt: Math.floor(before / HOUR_MS) } }
      const found = await Promise.all([sessionHours.distinct('hour', isOld), eventHours.distinct('hour', isOld)])
      const hours = [...new Set(found.flat())].sort((a, b) => a - b)
      return oldRollupsOf(hours.length, hours[0] ?? 0, hours.at(-1) ?? 0)
    },

    async removeRollups(before, limit) {
      checkRemovable(before, await frozen())
      if (before > (await rollupsBefore()))
        await documents.putDocument({ ...ROLLUPS_REMOVED, value: before }, { now: 0 })
      let removed = 0
      for (const hours of [sessionHours, eventHours])
        removed += await removeSome(hours, { hour: { $lt: before / HOUR_MS } }, limit)
      for (const days of [sessionDays, eventDays])
        removed += await removeSome(days, { day: { $lt: before / DAY_MS } }, limit)
      for (const parts of [sessionHourParts, eventHourParts])
        removed += await removeSome(parts, { from: { $lt: before } }, limit)
      return removed
    },
  }
}

async function removeSome<Document>(model: Model<Document>, filter: object, limit: number): Promise<number> {
  const found = await model.find(filter, { _id: 1 }).limit(limit).lean<{ _id: string }[]>()
  if (found.length === 0) return 0
  return (await model.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } } as object)).deletedCount
}
