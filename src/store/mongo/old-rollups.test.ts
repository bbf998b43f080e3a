import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mongoUri } from '../../../test/stores.ts'
import { placeOf } from '../../lib/mongo-uri.ts'
import { DAY_MS } from '../../lib/units.ts'
import { connect, type Link } from './connection.ts'
import { createDocuments } from './documents.ts'
import { createOldRollups } from './old-rollups.ts'
import { DAYS_INDEX, HOURS_INDEX, PARTS_INDEX } from './rollup-document.ts'

describe.skipIf(mongoUri === undefined)('old rollups of a mongo store', () => {
  let link: Link
  beforeEach(async () => {
    const uri = `${mongoUri?.replace(/\/+$/, '')}/screentrail_test_${crypto.randomUUID()}`
    link = await connect(uri, placeOf(uri), { places: 5, isFirst: true })
    await link.attempted
  })
  afterEach(async () => {
    await link.models.documents.db.dropDatabase()
    await link.close()
  })

  test('are found along an index, without a look at those that stay', async () => {
    const { models } = link
    const hintsFor: { [collection: string]: unknown } = {}
    models.documents.base.set(
      'debug',
      (collection: string, method: string, _: unknown, options?: { hint?: unknown }) => {
        if (method === 'find' || method === 'aggregate' || method === 'distinct') hintsFor[collection] = options?.hint
      },
    )
    const before = 7 * DAY_MS
    const frozen = async () => ({ eventsBefore: before, sessionsBefore: before })
    const { oldRollups, removeRollups } = createOldRollups({
      models,
      documents: createDocuments(models.documents),
      frozen,
    })

    expect(await oldRollups(before)).toEqual({ hours: 0 })
    expect(hintsFor).toEqual({ sessionHours: HOURS_INDEX, eventHours: HOURS_INDEX })

    expect(await removeRollups(before, 10)).toBe(0)
    expect(hintsFor).toMatchObject({
      sessionHours: HOURS_INDEX,
      eventHours: HOURS_INDEX,
      sessionDays: DAYS_INDEX,
      eventDays: DAYS_INDEX,
      sessionHourParts: PARTS_INDEX,
      eventHourParts: PARTS_INDEX,
    })
  })
})
