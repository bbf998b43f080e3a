// Killed at any moment while it writes to the archive; the next run takes out of it whoever was erased.

import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { filesWith } from '../../test/at-rest.ts'
import { type Erasing, KEY, NOW, openErasing } from '../../test/erasure-kit.ts'
import { mortalTarget } from '../../test/mortal-target.ts'
import { RULES } from '../../test/store-contract/expected.ts'
import { type Archive, archiveAt } from '../archive/archive.ts'
import { removeOldData } from '../jobs/remove-old-data.ts'
import { HOUR_MS } from '../lib/units.ts'
import { inOrder } from '../trail/derive-sessions.ts'
import { createErasure } from './erasure.ts'

const [theirs, others] = ['ada', 'grace'].map((token) => [0, 1].map((ms) => eventOf({ token, at: START + ms }))) as [
  Events,
  Events,
]
type Events = ReturnType<typeof eventOf>[]
const batch = { flow: 'repair-booking', day: '2026-03-02', events: [...theirs, ...others] }

/** What retention writes through. */
const siftedOver = ({ store, folder }: Erasing, archive: Archive) =>
  createErasure({
    store,
    key: KEY,
    flows: new Map(),
    journalFile: join(folder, 'journal.db'),
    archive,
    clock: () => NOW,
  }).sifted as NonNullable<Erasing['parts']['sifted']>

const retain = ({ store, parts }: Erasing) =>
  removeOldData(
    {
      ages: { events: HOUR_MS, sessions: HOUR_MS },
      store,
      rollups: store,
      rules: RULES,
      timezone: 'UTC',
      archive: parts.sifted,
      clock: () => NOW,
      stopwatch: () => 0,
      wait: async () => {},
    },
    { report: () => {}, signal: new AbortController().signal },
  )

type Scenario = {
  before?(each: Erasing): Promise<unknown>
  killed(each: Erasing, archive: Archive): Promise<unknown>
  next(each: Erasing): Promise<unknown>
}

/** For each moment in turn, up to the one that comes after the end. Returns how many there are. */
async function killedAtEachMoment({ before, killed, next }: Scenario): Promise<number> {
  for (let moment = 0; ; moment++) {
    const each = await openErasing()
    try {
      await each.archiveAll([eventOf({ flow: 'feedback' })])
      await before?.(each)
      const archive = archiveAt(mortalTarget(join(each.folder, 'archive'), moment))
      const isKilled = await killed(each, archive).then(
        () => false,
        (error: Error) => /killed/.test(error.message),
      )
      await each.restart()
      await next(each)
      expect([moment, await filesWith(join(each.folder, 'archive'), '"ada"')]).toEqual([moment, []])
      if (!isKilled) return moment
    } finally {
      await each.close()
    }
  }
}

const archivedOf = async (each: Erasing) =>
  inOrder((await each.archived()).filter(({ flow }) => flow === 'repair-booking'))

test('retention, and then somebody is erased who is in what it left', async () => {
  const moments = await killedAtEachMoment({
    killed: (each, archive) => siftedOver(each, archive).write(batch),
    next: (each) => each.erase({ token: 'ada' }),
  })
  expect(moments).toBeGreaterThan(5)
})

test('retention, while somebody is erased whom it has read', async () => {
  const moments = await killedAtEachMoment({
    before: (each) => each.record(batch.events),
    async killed(each, archive) {
      let isErased = false
      const writeSifted: Archive['writeSifted'] = (batch, sift) =>
        archive.writeSifted(batch, async (events) => {
          const left = await sift(events)
          if (!isErased) await each.erase({ token: 'ada' })
          isErased = true
          return left
        })
      await siftedOver(each, { ...archive, writeSifted }).write(batch)
    },
    async next(each) {
      await retain(each)
      expect(await archivedOf(each)).toEqual(inOrder(others))
    },
  })
  expect(moments).toBeGreaterThan(9)
})

test('the erasure itself, while it writes a file anew', async () => {
  const moments = await killedAtEachMoment({
    before: async (each) => {
      await each.archiveAll(batch.events)
      await each.parts.requests.add(await each.read({ token: 'ada' }), 'ada', NOW)
    },
    killed: (each, archive) => each.run({ archive }),
    async next(each) {
      await each.run()
      expect(await archivedOf(each)).toEqual(inOrder(others))
      expect((await each.parts.requests.list()).map(({ state }) => state)).toEqual(['done'])
    },
  })
  expect(moments).toBeGreaterThan(9)
})
