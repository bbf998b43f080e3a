// The newest refusals, and how many there ever were of each category.
//
// The mark is the position of the newest trimmed incident, with the counts of all up to there; later ones are counted one by one.
// Trimming moves the mark with a conditional update, so only one process can, and then deletes what the mark counts. So nothing is
// counted twice, wherever that stops. What arrives behind the mark is taken for counted, as in SQLite.

import type { Model } from 'mongoose'
import type { Incident, IncidentCategory } from '../../trail/incident.ts'
import { type Position, pageOf, readCursor } from '../cursor.ts'
import type { IncidentCounts, Store } from '../store.ts'
import { type Condition, given, isAfter, isBefore, isUpTo, whereAll } from './conditions.ts'
import { byId, collectionOf, insertAll } from './writes.ts'

export type IncidentDocument = Omit<Incident, 'id'> & { readonly _id: string }

export type MarkDocument = Position & { readonly _id: string; readonly counts: IncidentCounts }

export function createIncidents(
  model: Model<IncidentDocument>,
  marks: Model<MarkDocument>,
): Pick<Store, 'addIncidents' | 'incidents' | 'incidentCounts'> {
  const readMark = async () => (await marks.findById(MARK).lean<MarkDocument>()) ?? undefined

  const insert = async (incidents: readonly Incident[]): Promise<void> => {
    if (incidents.length === 0) return
    const documents = incidents
      .toSorted(byId)
      .map(({ id, at, category, flow, detail, count }) => ({ _id: id, at, category, flow, detail, count }))
    await insertAll(model, documents)
  }

  const countsWhere = async (conditions: readonly Condition[]): Promise<IncidentCounts> => {
    const sums = await model.aggregate<{ _id: IncidentCategory; count: number }>([
      { $match: whereAll(conditions) },
      { $group: { _id: '$category', count: { $sum: '$count' } } },
    ])
    return Object.fromEntries(sums.map(({ _id, count }) => [_id, count]))
  }

  /** False when it no longer stands where it did. */
  const moveMark = async (from: MarkDocument | undefined, to: Omit<MarkDocument, '_id'>): Promise<boolean> => {
    if (from) {
      const { matchedCount } = await collectionOf(marks).replaceOne({ _id: MARK, at: from.at, id: from.id }, to)
      return matchedCount > 0
    }
    return (await insertAll(marks, [{ _id: MARK, ...to }])).size === 0
  }

  /** True when no more than `keep` are left. */
  const trim = async (keep: number): Promise<boolean> => {
    const [tooMany] = await model.find({}, { at: 1 }).sort(NEWEST_FIRST).skip(keep).limit(1).lean<IncidentDocument[]>()
    if (!tooMany) return true
    const last = { at: tooMany.at, id: tooMany._id }
    const mark = await readMark()
    if (mark && !isLater(last, mark)) {
      await model.deleteMany(isUpTo('at', mark))
      return false
    }
    const counts = await countsWhere([isUpTo('at', last), ...given(mark, (mark) => isAfter('at', mark))])
    if (!(await moveMark(mark, { ...last, counts: sumOf(mark?.counts ?? {}, counts) }))) return false
    await model.deleteMany(isUpTo('at', last))
    return true
  }

  return {
    async addIncidents(incidents, keep) {
      await insert(incidents)
      while (!(await trim(keep)));
    },

    async incidents({ category, limit, after }) {
      const where = whereAll([
        ...given(category, (category) => ({ category })),
        ...given(readCursor(after), (position) => isBefore('at', position)),
      ])
      const found = await model
        .find(where)
        .sort(NEWEST_FIRST)
        .limit(limit + 1)
        .lean<IncidentDocument[]>()
      const incidents = found.map(({ _id, ...rest }): Incident => ({ id: _id, ...rest }))
      return pageOf(incidents, limit, (incident) => incident)
    },

    async incidentCounts() {
      for (;;) {
        const mark = await readMark()
        const counts = await countsWhere(given(mark, (mark) => isAfter('at', mark)))
        const after = await readMark()
        // If it moved in between, what it passed would be missing.
        if (after?.at === mark?.at && after?.id === mark?.id) return sumOf(mark?.counts ?? {}, counts)
      }
    },
  }
}

const MARK = 'trimmed'
const NEWEST_FIRST = { at: -1, _id: -1 } as const

const isLater = (a: Position, b: Position): boolean => a.at > b.at || (a.at === b.at && a.id > b.id)

function sumOf(a: IncidentCounts, b: IncidentCounts): IncidentCounts {
  const categories = Object.keys({ ...a, ...b }) as IncidentCategory[]
  return Object.fromEntries(categories.map((category) => [category, (a[category] ?? 0) + (b[category] ?? 0)]))
}
