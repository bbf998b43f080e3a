// What is on its way to the store, without what is of people who were erased since.

import type { Sift } from '../archive/archive.ts'
import { isPersonal } from '../privacy/personal-data.ts'
import type { Store, Token } from '../store/store.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import { isTracked } from '../trail/event.ts'
import type { Hashes } from './hashes.ts'
import type { ErasureRequests } from './requests.ts'
import type { Tombstones } from './tombstones.ts'

export type { Sift }

type SiftDeps = {
  readonly tombstones: Pick<Tombstones, 'refresh' | 'add' | 'erasedBy'>
  readonly requests: Pick<ErasureRequests, 'add'>
  readonly store: Pick<Store, 'sharedTokens'>
  readonly hashes: Hashes
}

const LEARNS_EVERY_MS = 1_000

/** Until each process has learned of the tombstones, and has recorded what it read before: a batch takes less than two seconds. */
const ALL_HAVE_LEARNED_MS = 3_000

/** Milliseconds to wait after tombstones were written at `buriedAt`. */
export const untilOthersLearn = (buriedAt: number, now: number): number =>
  Math.min(Math.max(0, buriedAt + ALL_HAVE_LEARNED_MS - now), ALL_HAVE_LEARNED_MS)

/**
 * The events that may be stored. Where a value tells that a token is of an erased person, the rest of the token follows: what comes
 * is left out, and what is stored is erased by the job.
 */
export function createSift({ tombstones, requests, store, hashes }: SiftDeps): Sift {
  const follow = async (erased: readonly (Token & { readonly at: number })[]): Promise<void> => {
    const tokens = [...new Map(erased.map((each) => [tokenKeyOf(each), each])).values()]
    if (tokens.length === 0) return
    const shared = new Set((await store.sharedTokens(tokens)).map(tokenKeyOf))
    for (const each of tokens) {
      if (shared.has(tokenKeyOf(each))) continue
      const { flow, token, at } = each
      const hash = hashes.ofToken(flow, token)
      // The request first: a process that is killed in between meets the value again.
      const isSearched = isPersonal(token)
      const person = { id: hash, hashes: [hash], tokens: isSearched ? [] : [token], isSearched, flow }
      await requests.add(person, 'system', at)
      await tombstones.add([{ hash, at }])
    }
  }

  return async (events) => {
    await tombstones.refresh(LEARNS_EVERY_MS)
    const byValue = events.flatMap((event) => {
      const erased = isTracked(event.token) ? tombstones.erasedBy(event) : undefined
      return erased?.kind === 'value' ? [{ flow: event.flow, token: event.token, at: erased.at }] : []
    })
    await follow(byValue)
    return events.filter((event) => tombstones.erasedBy(event) === undefined)
  }
}
