// The heads of long trails: a document for each token with many events in a segment, or with several segments.

import type { Model } from 'mongoose'
import { isLong, type SegmentHead } from '../segment.ts'
import { type TrailKey, trailIdOf } from '../trail-key.ts'
import { bulkWrite } from './writes.ts'

type Token = Pick<TrailKey, 'flow' | 'token'>

export type SegmentHeadDocument = Token &
  SegmentHead & {
    /** `trailIdOf` the token. */
    readonly _id: string
    /** The absolute number of the segment, which only grows. */
    readonly number: number
    /** Whether the token ever had a segment without sessions. */
    readonly isShared: boolean
  }

/** By `trailIdOf` the token. A token without a head has few events, all in its first segment. */
export type SegmentHeadsByToken = ReadonlyMap<string, SegmentHead>

export type SegmentHeads = ReturnType<typeof createSegmentHeads>

export function createSegmentHeads(model: Model<SegmentHeadDocument>) {
  return {
    async of(tokens: readonly Token[]): Promise<SegmentHeadsByToken> {
      const ids = new Set(tokens.map(({ flow, token }) => trailIdOf({ flow, token })))
      const found = await model.find({ _id: { $in: [...ids] } }).lean<SegmentHeadDocument[]>()
      return new Map(found.map(({ _id, segment, events, lastAt }) => [_id, { segment, events, lastAt }]))
    },

    /** Keeps the heads of long trails, unless another process has kept a later one. */
    async keep(heads: readonly (Token & SegmentHead)[]): Promise<void> {
      const long = heads.filter((head) => isLong(head))
      if (long.length === 0) return
      const updates = long.map(({ flow, token, segment, events, lastAt }) => {
        const number = Math.abs(segment)
        const filter = { _id: trailIdOf({ flow, token }), number: { $lte: number } }
        const isShared = segment < 0 && { isShared: true }
        const update = { $set: { flow, token, number, segment, events, lastAt, ...isShared } }
        return { updateOne: { filter, update, upsert: true } }
      })
      await bulkWrite(model, updates)
    },

    /** Removes the heads of tokens of which nothing is left. */
    async remove(tokens: readonly Token[]): Promise<void> {
      if (tokens.length > 0)
        await model.deleteMany({ _id: { $in: tokens.map(({ flow, token }) => trailIdOf({ flow, token })) } })
    },

    /** Those of these tokens that many people share. */
    async sharedAmong(tokens: readonly Token[]): Promise<readonly Token[]> {
      const ids = tokens.map(({ flow, token }) => trailIdOf({ flow, token }))
      return model.find({ _id: { $in: ids }, isShared: true }, { _id: 0, flow: 1, token: 1 }).lean<Token[]>()
    },

    /** The tokens that many people share. */
    shared: async () => model.find({ isShared: true }, { _id: 0, flow: 1, token: 1 }).lean<Token[]>(),
  }
}
