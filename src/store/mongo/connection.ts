import type { MongoClientOptions } from 'mongodb'
import type { ConnectOptions } from 'mongoose'
import { systemClock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { placeOf, secretsOf } from '../../lib/mongo-uri.ts'
import { sleep } from '../../lib/sleep.ts'
import { chainOlderAudits } from './audits.ts'
import { explainError } from './explain-error.ts'
import { createModels, INDEXES, type Models } from './models.ts'

export type Link = Awaited<ReturnType<typeof connect>>

export type LinkOptions = {
  /** Requests under way at the same time; others wait. */
  readonly places: number
  /** Whether it makes the indexes, and brings documents of an older layout up to date. */
  readonly isFirst: boolean
  readonly log?: Log | undefined
  /** Called whenever there is a server that takes writes: the first time, and again after there was none. */
  readonly onReachable?: (() => void) | undefined
}

/** Connects, and retries until it succeeds. Loads mongoose only here: it takes 35 MB. */
export async function connect(uri: string, place: string, { places, isFirst, log, onReachable }: LinkOptions) {
  const { Mongoose } = await import('mongoose')
  const { WriteTimeoutConnection: connectionType } = await import('./write-timeout-connection.ts')
  const mongoose = new Mongoose()
  const connection = mongoose.createConnection()
  const models = createModels(mongoose, connection)
  let trouble: unknown
  const closing = new AbortController()

  const attempt = async (): Promise<void> => {
    try {
      await connection.openUri(uri, { ...optionsFor(place), maxPoolSize: places, connectionType })
      if (isFirst) await prepare(models)
      trouble = undefined
      connection.getClient().on('serverDescriptionChanged', ({ previousDescription, newDescription }) => {
        if (newDescription.isWritable && !previousDescription.isWritable) onReachable?.()
      })
      onReachable?.()
    } catch (error) {
      trouble = explainError(error, place, secretsOf(uri))
    }
  }

  const keepTrying = async (): Promise<void> => {
    while (trouble !== undefined) {
      await sleep(RETRY_MS, closing.signal)
      if (closing.signal.aborted) return
      await attempt()
    }
  }

  const attempted = attempt()
  const tryOn = async (): Promise<void> => {
    await attempted
    if (trouble === undefined || closing.signal.aborted) return
    log?.warn({ err: trouble }, 'the store is not there yet; events wait in the journal')
    await keepTrying()
    if (!closing.signal.aborted) log?.info('the store is there')
  }
  const trying = tryOn()

  return {
    models,
    /** Resolves when the first attempt has succeeded or failed. */
    attempted,
    /** Why there has been no connection so far. Undefined once there was one: the driver restores that by itself. */
    trouble: () => trouble,
    async close(): Promise<void> {
      closing.abort()
      await trying
      await connection.close(true)
    },
  }
}

async function prepare(models: Models): Promise<void> {
  // One request for all of a collection; mongoose's own way is one for each.
  for (const { collection, modelName } of Object.values(models)) {
    const indexes = INDEXES[modelName as keyof Models].map((key) => ({ key }))
    if (indexes.length > 0) await collection.createIndexes(indexes)
  }
  await chainOlderAudits(models, systemClock)
}

const RETRY_MS = 500

/** `place`: hosts, and the database where the address names one. */
const optionsFor = (place: string): ConnectOptions => ({
  ...(namesDatabase(place) ? {} : { dbName: DATABASE }),
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
  ...DRIVER_OPTIONS,
})

/** The database that an address stands for. */
export const databaseOf = (uri: string): string => decodeURIComponent(/\/(.+)$/s.exec(placeOf(uri))?.[1] ?? DATABASE)

export const namesDatabase = (place: string): boolean => /\/./.test(place)

/** Where the address names none. */
export const DATABASE = 'screentrail'

export const DRIVER_OPTIONS = {
  // No call may hang for ever: events wait in the journal until the call before them has ended.
  serverSelectionTimeoutMS: 3_000,
  connectTimeoutMS: 3_000,
  // The limit of one answer. A call asks several times, so it may take longer as a whole.
  socketTimeoutMS: 15_000,
  waitQueueTimeoutMS: 5_000,
  // The address could ask for more than `places`.
  minPoolSize: 0,
  // Acknowledged writes are on the disks of most members, whatever the address asks for; and we read our own writes.
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
  readPreference: 'primary',
  promoteBuffers: true,
} satisfies MongoClientOptions
