// The minutes whose items have changed since their hour was computed. Each batch of writes leaves a note of its minutes: before it
// writes, in case the process is killed, and again afterwards.

import batch from 'it-batch'
import type { Model, mongo } from 'mongoose'
import type { FlowSpan, Marks, StaleHour } from '../../rollup/storage.ts'
import { type FlowHour, type FlowMinute, hourOfMinute } from '../../rollup/time.ts'
import { collectionOf } from './writes.ts'

export type StaleDocument = {
  /** In the order of time (UUIDv7), so that notes of one moment, which are about the same few hours, are worked on together. */
  readonly _id: string
  readonly minutes: readonly FlowMinute[]
  /** False while the items are being written. */
  readonly isWritten: boolean
  /** Of the last writing of this note. */
  readonly at: Date
}

export type MarkedHour = Omit<StaleHour, 'revision'>

export type StaleMinutes = ReturnType<typeof createStaleMinutes>

/** The `_id` of the rollup. */
export const hourIdOf = ({ flow, version, hour }: FlowHour): string => JSON.stringify([flow, version, hour])

const hourOf = ({ flow, version, minute }: FlowMinute) => ({ flow, version, hour: hourOfMinute(minute) })

export function createStaleMinutes(model: Model<StaleDocument>) {
  /** The minutes of an hour are together. */
  const notesOf = (minutes: readonly FlowMinute[]) => {
    const sorted = [...Map.groupBy(minutes, (minute) => hourIdOf(hourOf(minute))).values()].flat()
    return [...batch(sorted, MINUTES_IN_NOTE)].map((minutes) => ({ _id: Bun.randomUUIDv7() as string, minutes }))
  }
  const put = async (notes: ReturnType<typeof notesOf>, isWritten: boolean): Promise<void> => {
    const at = new Date()
    const changes = notes.map(({ _id, minutes }) => ({
      updateOne: { filter: { _id }, update: { $set: { minutes, isWritten, at } }, upsert: true },
    }))
    for (const some of batch(changes, NOTES_PER_WRITE)) await collectionOf(model).bulkWrite(some, { ordered: false })
  }
  let last = ''
  const nextNotes = async (): Promise<StaleDocument[]> => {
    const after = (_id: string) =>
      model
        .find({ ...isReady(), _id: { $gt: _id } })
        .sort({ _id: 1 })
        .limit(NOTES_PER_TURN)
        .lean<StaleDocument[]>()
    const found = await after(last)
    const notes = found.length > 0 || last === '' ? found : await after('')
    last = notes.length < NOTES_PER_TURN ? '' : (notes.at(-1)?._id ?? '')
    return notes
  }
  const notesWithin = ({ flow, from, until }: FlowSpan) =>
    model
      .find({ ...isReady(), minutes: { $elemMatch: { flow, minute: { $gte: from, $lt: until } } } })
      .limit(NOTES_OF_A_QUESTION)
      .lean<StaleDocument[]>()

  return {
    /** Notes the minutes, writes, and notes that it is written. */
    async during<T>(minutes: readonly FlowMinute[], write: () => Promise<T>): Promise<T> {
      const notes = notesOf(minutes)
      await put(notes, false)
      const written = await write()
      // Even if another process took them for abandoned, and cleared them.
      await put(notes, true)
      return written
    },

    /** Notes minutes whose items are written. */
    mark: (minutes: readonly FlowMinute[]) => put(notesOf(minutes), true),

    /**
     * Hours with their marks, by `hourIdOf`, of notes whose items are written, or whose writer has been silent for too long. Without
     * `within` each note gets its turn over several calls.
     */
    async find(within?: FlowSpan): Promise<ReadonlyMap<string, MarkedHour>> {
      const notes = await (within ? notesWithin(within) : nextNotes())
      const isAsked = ({ flow, minute }: FlowMinute) =>
        !within || (flow === within.flow && within.from <= minute && minute < within.until)
      const marks = notes.flatMap((note) => note.minutes.map((minute) => ({ minute, mark: markOf(note) })))
      const byHour = Map.groupBy(marks, ({ minute }) => hourIdOf(hourOf(minute)))
      return new Map(
        [...byHour]
          .filter(([, some]) => some.some(({ minute }) => isAsked(minute)))
          .map(([id, some]) => [id, { ...hourOf((some[0] as (typeof some)[0]).minute), marks: joined(some) }]),
      )
    },

    /** Whether a minute before this one is noted, also by who is still writing. */
    hasBefore: async (minute: number) =>
      (await model.exists({ minutes: { $elemMatch: { minute: { $lt: minute } } } })) !== null,

    /** Clears marks of the hours, unless their note was written again. */
    async clear(hours: readonly MarkedHour[]): Promise<void> {
      const cleared = hours.flatMap(({ flow, version, marks }) =>
        [...marks].flatMap(([minute, mark]) =>
          mark.split(' ').map((note) => ({ note, minute: { flow, version, minute } })),
        ),
      )
      const pulls = [...Map.groupBy(cleared, ({ note }) => note)].map(
        ([note, some]): mongo.AnyBulkWriteOperation<StaleDocument> => ({
          updateOne: {
            filter: noteAt(note),
            update: { $pull: { minutes: { $or: some.map(({ minute }) => minute) } } } as never,
          },
        }),
      )
      if (pulls.length === 0) return
      const ids = cleared.map(({ note }) => noteAt(note)._id)
      const emptied = { deleteMany: { filter: { _id: { $in: ids }, minutes: { $size: 0 } } } }
      await collectionOf(model).bulkWrite([...pulls, emptied as never], { ordered: true })
    },
  }
}

/** A mark names the notes that a minute is in, and when each was written. */
const markOf = ({ _id, isWritten, at }: StaleDocument): string => `${_id}/${isWritten}/${at.getTime()}`

function noteAt(mark: string) {
  const [_id = '', isWritten, at] = mark.split('/')
  return { _id, isWritten: isWritten === 'true', at: new Date(Number(at)) }
}

const joined = (marks: readonly { readonly minute: FlowMinute; readonly mark: string }[]): Marks =>
  new Map(
    [...Map.groupBy(marks, ({ minute }) => minute.minute)].map(([minute, some]) => [
      minute,
      some
        .map(({ mark }) => mark)
        .sort()
        .join(' '),
    ]),
  )

/** Longer than any call may take. Clocks that differ by more only cause double work. */
const WRITING_TAKES_MS = 180_000

const isReady = () => ({ $or: [{ isWritten: true }, { at: { $lt: new Date(Date.now() - WRITING_TAKES_MS) } }] })

const NOTES_PER_TURN = 20
/** A query needs the notes of all batches of the last seconds. */
const NOTES_OF_A_QUESTION = 200
/** Each query reads a note whole, and each committed hour writes it again. */
const MINUTES_IN_NOTE = 50
const NOTES_PER_WRITE = 200
