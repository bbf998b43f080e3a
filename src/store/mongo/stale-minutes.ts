// Which rollups are behind their items. Whoever writes items says so before, and again when it is done; what is said stays until
// a rollup was made after it, and its day knows of that.

import type { Model, mongo } from 'mongoose'
import { type FlowMinute, hourOfMinute } from '../../rollup/time.ts'
import { rawOf } from './raw.ts'

export type StaleDocument = {
  readonly _id: string
  /** False while items are being written. */
  readonly isWritten: boolean
  readonly at: Date
  readonly minutes: readonly FlowMinute[]
}

export type MinuteRange = { readonly flow: string; readonly from: number; readonly until: number }

export type StaleMinutes = {
  /** Notes the minutes, writes, and notes that it is done. */
  during<T>(minutes: readonly FlowMinute[], write: () => Promise<T>): Promise<T>
  /** Notes minutes whose items are written. */
  note(minutes: readonly FlowMinute[]): Promise<void>
  /** Notes whose items are written, or will not be: who began to write them has been silent for too long. */
  find(within?: MinuteRange): Promise<StaleDocument[]>
  /** There is nothing to find. */
  isNone(): Promise<boolean>
  /** These minutes of what was noted are done with, unless it has been noted anew since it was found. */
  clear(found: readonly StaleDocument[], isDone: (minute: FlowMinute) => boolean): Promise<void>
}

/** The `_id` of the rollup that a minute is in. */
export const hourKeyOf = ({ flow, version, minute }: FlowMinute): string =>
  JSON.stringify([flow, version, hourOfMinute(minute)])

export function createStaleMinutes(model: Model<StaleDocument>): StaleMinutes {
  /** The minutes of an hour are together. */
  const notesOf = (minutes: readonly FlowMinute[]) => {
    const sorted = [...Map.groupBy(minutes, hourKeyOf).values()].flat()
    return Array.from({ length: Math.ceil(sorted.length / MINUTES_IN_NOTE) }, (_, index) => ({
      _id: crypto.randomUUID() as string,
      minutes: sorted.slice(index * MINUTES_IN_NOTE, (index + 1) * MINUTES_IN_NOTE),
    }))
  }
  const put = async (notes: ReturnType<typeof notesOf>, isWritten: boolean): Promise<void> => {
    const at = new Date()
    const changes = notes.map(({ _id, minutes }) => ({
      updateOne: { filter: { _id }, update: { $set: { minutes, isWritten, at } }, upsert: true },
    }))
    for (let first = 0; first < changes.length; first += NOTES_PUT_AT_ONCE)
      await rawOf(model).bulkWrite(changes.slice(first, first + NOTES_PUT_AT_ONCE), { ordered: false })
  }

  return {
    async during(minutes, write) {
      const notes = notesOf(minutes)
      await put(notes, false)
      const written = await write()
      // Even if they were given up for dead, and cleared away.
      await put(notes, true)
      return written
    },

    note: (minutes) => put(notesOf(minutes), true),

    async find(within) {
      const isWithin = within && {
        minutes: { $elemMatch: { flow: within.flow, minute: { $gte: within.from, $lt: within.until } } },
      }
      return model
        .find({ ...isReady(), ...isWithin })
        .limit(within ? NOTES_OF_A_QUESTION : NOTES_AT_ONCE)
        .lean<StaleDocument[]>()
    },

    isNone: async () => (await model.exists(isReady())) === null,

    async clear(found, isDone) {
      const changes = found.flatMap(({ _id, isWritten, at, minutes }): mongo.AnyBulkWriteOperation<StaleDocument>[] => {
        const waiting = minutes.filter((minute) => !isDone(minute))
        const filter = { _id, isWritten, at }
        if (waiting.length === 0) return [{ deleteOne: { filter } }]
        if (waiting.length === minutes.length) return []
        return [{ updateOne: { filter, update: { $set: { minutes: waiting } } } }]
      })
      if (changes.length === 0) return
      await rawOf(model).bulkWrite(changes, { ordered: false })
    },
  }
}

/** Longer than the store has patience with any call. Clocks that differ by more only cause work that is done twice. */
const WRITING_TAKES_MS = 180_000

const isReady = () => ({ $or: [{ isWritten: true }, { at: { $lt: new Date(Date.now() - WRITING_TAKES_MS) } }] })

/** Those of one moment are about the same few hours, and worked at together. */
const NOTES_AT_ONCE = 20
/** Found at once. Each batch of the last seconds left one, and the answer is to have them all. */
export const NOTES_OF_A_QUESTION = 200
/** Each look at a note reads all of it, and each hour that is done writes it anew. */
const MINUTES_IN_NOTE = 50
const NOTES_PUT_AT_ONCE = 200
