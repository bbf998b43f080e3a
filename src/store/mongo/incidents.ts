// The newest refusals, and how many there ever were of each category.
//
// The mark is the newest incident that was trimmed. It holds the counts of all up to there; what is newer is counted from the
// incidents themselves. Trimming moves the mark, in one step that succeeds only where the mark still is what it was, and then
// deletes what the mark has counted. So no incident is counted twice, whoever trims and wherever it is broken off.

import type { Model } from 'mongoose'
import type { Incident, IncidentCategory } from '../../trail/incident.ts'
import { type Position, pageOf, readCursor } from '../cursor.ts'
import type { IncidentQuery, Page, Totals } from '../store.ts'
import { type Condition, given, isAfter, isBefore, whereAll } from './conditions.ts'
import { duplicatesIn } from './duplicates.ts'

export type IncidentDocument = Omit<Incident, 'id'> & { readonly _id: string }

export type MarkDocument = Position & { readonly _id: string; readonly counts: Counts }

type Counts = Totals['incidents']

export type Incidents = {
  add(incidents: readonly Incident[], keep: number): Promise<void>
  page(query: IncidentQuery): Promise<Page<Incident>>
  counts(): Promise<Counts>
}

export function createIncidents(model: Model<IncidentDocument>, marks: Model<MarkDocument>): Incidents {
  const readMark = async () => (await marks.findById(MARK).lean<MarkDocument>()) ?? undefined

  const sumsOf = async (conditions: readonly Condition[]): Promise<Counts> => {
    const sums = await model.aggregate<{ _id: IncidentCategory; count: number }>([
      { $match: whereAll(conditions) },
      { $group: { _id: '$category', count: { $sum: '$count' } } },
    ])
    return Object.fromEntries(sums.map(({ _id, count }) => [_id, count]))
  }

  const insert = async (incidents: readonly Incident[]) => {
    if (incidents.length === 0) return
    const documents = incidents.map((incident) => ({ insertOne: { document: toDocument(incident) } }))
    await duplicatesIn(model.collection.bulkWrite(documents, { ordered: false }))
  }

  /** False when another process moved it in the meantime. */
  const moveMark = async (from: MarkDocument | undefined, { _id, ...to }: MarkDocument): Promise<boolean> => {
    const filter = { _id, at: from?.at ?? to.at, id: from?.id ?? to.id }
    const move = from
      ? { replaceOne: { filter, replacement: to } }
      : { updateOne: { filter: { _id }, update: { $setOnInsert: to }, upsert: true } }
    return false
  }

  return { add: async () => {}, page: async () => ({ items: [] }), counts: async () => ({}) }
}
