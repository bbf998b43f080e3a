import type { MongoClientOptions } from 'mongodb'
import type { ConnectOptions } from 'mongoose'
import type { Log } from '../../lib/log.ts'
import { secretsOf } from '../../lib/mongo-uri.ts'
import { sleep } from '../../lib/sleep.ts'
import { explainError } from './explain-error.ts'
import { createModels, type Models } from './models.ts'

export type Link = {
  readonly models: Models
  /** Resolves when the first attempt has succeeded or failed. */
  readonly attempted: Promise<void>
  /** Why there has been no connection so far. Undefined once there was one: the driver restores that by itself. */
  trouble(): unknown
  close(): Promise<void>
}

export type LinkOptions = {
  /** How many requests can be under way at the same time; the others wait for their turn. */
  readonly places: number
  /** Whether it makes the indexes. */
  readonly isFirst: boolean
  readonly log?: Log | undefined
  /** Called whenever there is a server that takes writes: the first time, and again after there was none. */
  readonly onReachable?: (() => void) | undefined
}

/**
 * Begins to connect, and goes on trying until it has.
 * mongoose is loaded here, so that whoever uses another store does without its 35 MB.
 */
export async function connect(
  uri: string,
  place: string,
  { places, isFirst, log, onReachable }: LinkOptions,
): Promise<Link> {
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
      if (isFirst) for (const model of Object.values(models)) await model.createIndexes()
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
    attempted,
    trouble: () => trouble,
    async close() {
      closing.abort()
      await trying
      await connection.close(true)
    },
  }
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

export const namesDatabase = (place: string): boolean => /\/./.test(place)

/** Where the address names none. */
export const DATABASE = 'screentrail'

export const DRIVER_OPTIONS = {
  // What hangs must not hang for ever: events wait in the journal until the call before them has come to an end.
  serverSelectionTimeoutMS: 3_000,
  connectTimeoutMS: 3_000,
  // So long an answer may take. A call is several questions, so it may take longer as a whole.
  socketTimeoutMS: 15_000,
  waitQueueTimeoutMS: 5_000,
  // What the address asks for could be more than there are places.
  minPoolSize: 0,
  // What was acknowledged is on the disks of most members, whatever the address asks for; and what we wrote, we can read.
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
  readPreference: 'primary',
  promoteBuffers: true,
} satisfies MongoClientOptions
