import type { Model } from 'mongoose'
import { HOUR_MS } from '../../lib/units.ts'
import type { FlowHour } from '../../rollup/time.ts'

/** The hours with documents, one by one along the index of `field`: a query over all documents would time out. */
export async function* hoursWithItems<Item>(model: Model<Item>, field: keyof Item & string): AsyncGenerator<FlowHour> {
  for (let from = -Number.MAX_SAFE_INTEGER; ; ) {
    const next = await model
      .findOne({ [field]: { $gte: from } }, { [field]: 1 })
      .sort({ [field]: 1, _id: 1 })
      .lean<Item>()
    if (!next) return
    const hour = Math.floor(Number(next[field]) / HOUR_MS)
    from = (hour + 1) * HOUR_MS
    const found = await model.aggregate<{ _id: Omit<FlowHour, 'hour'> }>([
      { $match: { [field]: { $gte: hour * HOUR_MS, $lt: from } } },
      { $group: { _id: { flow: '$flow', version: '$version' } } },
    ])
    for (const { _id } of found) yield { ..._id, hour }
  }
}
