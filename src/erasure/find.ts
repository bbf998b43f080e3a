// Finds whose tokens and items belong to a person, in the store and in the archive.

import type { Archive } from '../archive/archive.ts'
import { pagesOf } from '../store/cursor.ts'
import type { ErasedItems, Store, Token } from '../store/store.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import { isTracked, type TrailEvent } from '../trail/event.ts'
import { belongsTo, type Hashes } from './hashes.ts'
import type { Person } from './person.ts'

/** Up to `at`. `trails`: what is known to be theirs already. */
export type Wanted = Omit<Person, 'id'> & { readonly trails: readonly Token[]; readonly at: number }

export type FindDeps = {
  readonly store: Pick<Store, 'events' | 'sessions' | 'flows' | 'sharedTokens'>
  readonly archive?: Pick<Archive, 'files' | 'read'> | undefined
  /** Flows of the config: the store tells only of those that have sessions. */
  readonly flows: readonly string[]
  readonly hashes: Hashes
  /** Called after each page, with the share of the search so far, 0 to 1. May wait. */
  readonly afterPage: (share: number, what: string) => Promise<void>
}

export type Found = {
  /** Tokens that are theirs alone. */
  readonly tokens: readonly Token[]
  /** Events and sessions of tokens that are nobody's alone. */
  readonly items: Items
  /** Tokens that many share: of these only the items are theirs. */
  readonly shared: readonly Token[]
  /** Sentences about files of the archive that could not be read. */
  readonly unread: readonly string[]
}

/** `at`: when an event was received, or a session began. */
type Item = ErasedItems['events'][number] & { readonly at: number }
export type Items = { readonly [what in keyof ErasedItems]: readonly Item[] }

/** Looks at everything where a search is needed; else it knows at once. */
export async function findPerson(wanted: Wanted, deps: FindDeps): Promise<Found> {
  const finder = createFinder(wanted, deps)
  await finder.addTokens([...wanted.trails, ...(await tokensInFlows(wanted, deps))])
  if (wanted.isSearched) {
    await searchEvents(wanted, finder, deps)
    await searchSessions(wanted, finder, deps)
    await searchArchive(wanted, finder, deps)
  }
  return finder.found()
}

/** Whether an event, wherever it is, is theirs. */
export function isTheirs({ tokens }: Pick<Found, 'tokens'>, wanted: Pick<Wanted, 'at' | 'hashes'>, hashes: Hashes) {
  const belongs = belongsTo(new Set(wanted.hashes), hashes)
  const known = new Set(tokens.map(tokenKeyOf))
  return (event: TrailEvent): boolean =>
    event.at <= wanted.at &&
    (known.has(tokenKeyOf(event)) || belongs.byToken(event) || belongs.byValue(event, event.input))
}

type Finder = ReturnType<typeof createFinder>

function createFinder({ hashes: names }: Wanted, { store, hashes }: FindDeps) {
  const belongs = belongsTo(new Set(names), hashes)
  const tokens = new Map<string, Token>()
  const shared = new Map<string, Token>()
  const events: Item[] = []
  const sessions: Item[] = []
  const unread: string[] = []

  const addTokens = async (found: readonly Token[]): Promise<void> => {
    const fresh = found.filter(
      (token) => isTracked(token.token) && !tokens.has(tokenKeyOf(token)) && !shared.has(tokenKeyOf(token)),
    )
    if (fresh.length === 0) return
    for (const token of await store.sharedTokens(fresh)) shared.set(tokenKeyOf(token), token)
    for (const { flow, token } of fresh) {
      const key = tokenKeyOf({ flow, token })
      if (!shared.has(key)) tokens.set(key, { flow, token })
    }
  }
  const isLoose = (item: Token) => !tokens.has(tokenKeyOf(item))

  return {
    addTokens,

    /** `isStored`: not only in an archive. */
    async addEvents(page: readonly TrailEvent[], isStored: boolean): Promise<void> {
      const found = page.filter((event) => belongs.byToken(event) || belongs.byValue(event, event.input))
      await addTokens(found)
      if (isStored) events.push(...found.filter(isLoose).map(({ id, flow, token, at }) => ({ id, flow, token, at })))
    },

    async addSessions(page: readonly SessionHead[]): Promise<void> {
      const found = page.filter((session) => belongs.byToken(session) || belongs.byValue(session, session.choices))
      await addTokens(found)
      sessions.push(
        ...found.filter(isLoose).map(({ id, flow, token, startedAt }) => ({ id, flow, token, at: startedAt })),
      )
    },

    addUnread: (sentence: string): void => void unread.push(sentence),

    found: (): Found => ({
      tokens: [...tokens.values()],
      items: { events, sessions },
      shared: [...shared.values()],
      unread,
    }),
  }
}

type SessionHead = Awaited<ReturnType<Store['sessions']>>['items'][number]

/** Each token in each flow that may have it. */
async function tokensInFlows({ tokens, flow }: Wanted, { store, flows }: FindDeps): Promise<Token[]> {
  if (tokens.length === 0) return []
  const all = flow === undefined ? new Set([...flows, ...(await store.flows({ isExact: true }))]) : [flow]
  return [...all].flatMap((flow) => tokens.map((token) => ({ flow, token })))
}

/** A page locks a SQLite file for some milliseconds. */
const PAGE = 500

async function searchEvents({ at, flow }: Wanted, finder: Finder, { store, afterPage }: FindDeps): Promise<void> {
  let first: number | undefined
  const of = { until: at + 1, limit: PAGE, ...(flow !== undefined && { flow }) }
  for await (const events of pagesOf((after) => store.events({ ...of, ...after }))) {
    await finder.addEvents(events, true)
    const last = events.at(-1)?.at ?? at
    first ??= last
    await afterPage(first < at ? (0.6 * (last - first)) / (at - first) : 0.6, upTo('Events', last))
  }
}

async function searchSessions({ at, flow }: Wanted, finder: Finder, { store, afterPage }: FindDeps): Promise<void> {
  const of = { until: at + 1, limit: PAGE, now: at, lostAfterMs: 0, ...(flow !== undefined && { flow }) }
  for await (const sessions of pagesOf((after) => store.sessions({ ...of, ...after }))) {
    await finder.addSessions(sessions)
    await afterPage(0.7, `Sessions down to ${new Date(sessions.at(-1)?.startedAt ?? at).toISOString()} are looked at.`)
  }
}

async function searchArchive(wanted: Wanted, finder: Finder, { archive, afterPage }: FindDeps): Promise<void> {
  if (!archive) return
  for await (const file of archive.files()) {
    if (!mayHave(file, wanted)) continue
    const events = await Array.fromAsync(archive.read(file)).catch((error: Error) => {
      finder.addUnread(error.message)
      return []
    })
    await finder.addEvents(events, false)
    await afterPage(0.9, `${file.name} in the archive is looked at.`)
  }
}

export const mayHave = (
  file: { readonly flow: string; readonly firstAt: number },
  { flow, at }: Pick<Wanted, 'flow' | 'at'>,
): boolean => (flow === undefined || file.flow === flow) && file.firstAt <= at

const upTo = (what: string, at: number): string => `${what} up to ${new Date(at).toISOString()} are looked at.`
