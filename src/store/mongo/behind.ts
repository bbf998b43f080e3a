// Which rollups are behind their items. Whoever writes items says so before, and again when it is done; what is said stays until
// a rollup was made after it.

import type { Model } from 'mongoose'
import type { Minute } from '../../insight/rollup.ts'
import { rawOf } from './raw.ts'

export type BehindDocument = {
  readonly _id: string
  /** False while items are being written. */
  readonly isWritten: boolean
  readonly at: Date
  readonly minutes: readonly Minute[]
}

export type Behind = {
  /** Notes the minutes, writes, and notes that it is done. */
  during<T>(minutes: readonly Minute[], write: () => Promise<T>): Promise<T>
  /** Notes minutes whose items are written. */
  note(minutes: readonly Minute[]): Promise<void>
  /** Notes whose items are written, or will not be: who began to write them has been silent for too long. */
  find(within?: { readonly flow: string; readonly from: number; readonly until: number }): Promise<BehindDocument[]>
  /** These minutes of what was noted are done with, unless it has been noted anew since it was found. */
  clear(found: readonly BehindDocument[], isDone: (minute: Minute) => boolean): Promise<void>
}

export function createBehind(model: Model<BehindDocument>): Behind {
  const note = (_id: string, minutes: readonly Minute[], isWritten: boolean) =>
    rawOf(model).updateOne({ _id }, { $set: { minutes, isWritten, at: new Date() } }, { upsert: true })

  return {
    async during(minutes, write) {
      const id = crypto.randomUUID()
      await note(id, minutes, false)
      const written = await write()
      // Even if it was given up for dead, and cleared away.
      await note(id, minutes, true)
      return written
    },

    async note(minutes) {
      for (let at = 0; at < minutes.length; at += MINUTES_IN_NOTE)
        await note(crypto.randomUUID(), minutes.slice(at, at + MINUTES_IN_NOTE), true)
    },

    async find(within) {
      const since = new Date(Date.now() - WRITING_TAKES_MS)
      const isReady = { $or: [{ isWritten: true }, { at: { $lt: since } }] }
      const isWithin = within && {
        minutes: { $elemMatch: { flow: within.flow, minute: { $gte: within.from, $lt: within.until } } },
      }
      return model
        .find({ ...isReady, ...isWithin })
        .limit(NOTES_AT_ONCE)
        .lean<BehindDocument[]>()
    },

    async clear(found, isDone) {
      if (found.length === 0) return
      const changes = found.map(({ _id, isWritten, at, minutes }) => {
        const waiting = minutes.filter((minute) => !isDone(minute))
        const filter = { _id, isWritten, at }
        return waiting.length === 0
          ? { deleteOne: { filter } }
          : { updateOne: { filter, update: { $set: { minutes: waiting } } } }
      })
      await rawOf(model).bulkWrite(changes, { ordered: false })
    },
  }
}

/** Longer than the store has patience with any call. Clocks that differ by more only cause work that is done twice. */
const WRITING_TAKES_MS = 180_000

const NOTES_AT_ONCE = 100
const MINUTES_IN_NOTE = 500
