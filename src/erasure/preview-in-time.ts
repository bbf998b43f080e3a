// A preview for whoever waits for an answer of a server, which ends a connection that is silent for too long.

import { isUnavailable, Unavailable } from '../lib/unavailable.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import type { ErasureParts } from './erasure.ts'
import type { Person } from './person.ts'
import { type Previewed, previewPerson } from './preview.ts'

const PATIENCE_MS = 20_000

/** A search that takes longer is given up: its mistake is `TOO_LONG`. */
export async function previewInTime(
  person: Person,
  at: number,
  { search }: Pick<ErasureParts, 'search'>,
): Promise<Previewed> {
  const startedAt = performance.now()
  const afterPage = async () => {
    if (performance.now() - startedAt > PATIENCE_MS) throw new Unavailable(TOO_LONG)
    await yieldToEventLoop()
  }
  try {
    return await previewPerson(person, at, { ...search, afterPage })
  } catch (error) {
    if (!isUnavailable(error) || (error as Error).message !== TOO_LONG) throw error
    return { ok: false, mistake: TOO_LONG }
  }
}

export const TOO_LONG =
  'the search takes longer than 20 seconds; the command line has the time, and shows how far it is: `screentrail person`'
