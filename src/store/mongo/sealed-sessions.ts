import type { Model } from 'mongoose'
import type { SealedSession } from '../sealed-session.ts'
import type { Store } from '../store.ts'
import { tokenKeyOf } from '../trail-key.ts'
import { bulkWrite, byId } from './writes.ts'

export type SealedDocument = Pick<SealedSession, 'at' | 'expiresAt' | 'sealed'> & { readonly _id: string }

export function createSealedSessions(
  model: Model<SealedDocument>,
): Pick<Store, 'keepSealed' | 'sealedSession' | 'removeSealed' | 'removeExpiredSealed'> {
  return {
    async keepSealed(sessions) {
      const documents = sessions
        .map(({ flow, token, ...rest }) => ({ id: tokenKeyOf({ flow, token }), ...rest }))
        .sort(byId)
      if (documents.length === 0) return
      // One that is newer does not match, and the attempt to insert beside it is refused: it stays.
      await bulkWrite(
        model,
        documents.map(({ id, at, expiresAt, sealed }) => ({
          replaceOne: {
            filter: { _id: id, at: { $lte: at } },
            replacement: { at, expiresAt, sealed },
            upsert: true,
          },
        })),
      )
    },
    async sealedSession(flow, token, now) {
      const found = await model.findById(tokenKeyOf({ flow, token })).lean<SealedDocument>()
      if (!found || found.expiresAt <= now) return undefined
      return { flow, token, at: found.at, expiresAt: found.expiresAt, sealed: found.sealed }
    },
    async removeSealed(token, upTo) {
      await model.deleteOne({ _id: tokenKeyOf(token), at: { $lte: upTo } })
    },
    async removeExpiredSealed(now, limit) {
      const found = await model
        .find({ expiresAt: { $lte: now } }, { _id: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>()
      if (found.length === 0) return 0
      const { deletedCount } = await model.deleteMany({
        _id: { $in: found.map(({ _id }) => _id) },
        expiresAt: { $lte: now },
      })
      return deletedCount
    },
  }
}
