// How much there is of a person, before it is handed out or erased.

import type { Store } from '../store/store.ts'
import type { TrailEvent } from '../trail/event.ts'
import { type FindDeps, type Found, findPerson, isTheirs, mayHave } from './find.ts'
import { createFrozenSpan, type InstantSpan } from './frozen-span.ts'
import { belongsTo } from './hashes.ts'
import type { Person } from './person.ts'

export type PreviewDeps = FindDeps & {
  readonly store: FindDeps['store'] & Pick<Store, 'frozen' | 'sessionsOf' | 'eventsOf'>
}

export type Preview = {
  /** Tokens that are theirs, each in one flow. */
  readonly tokens: number
  readonly events: number
  readonly sessions: number
  /** Of the events, those under tokens that are nobody's alone. */
  readonly sharedEvents: number
  /** Files of the archive that have something of them, and how many events. */
  readonly files: number
  readonly archivedEvents: number
  /** Where numbers are frozen, which go on counting them. */
  readonly frozen?: InstantSpan
  /** Files that could not be read. */
  readonly unread: readonly string[]
}

export type Previewed =
  | { readonly ok: true; readonly preview: Preview; readonly found: Found }
  /** A clause for whoever asked, such as that the token is `SHARED`. */
  | { readonly ok: false; readonly mistake: string }

/** As of `at`. */
export async function previewPerson(person: Person, at: number, deps: PreviewDeps): Promise<Previewed> {
  const wanted = { ...person, trails: [], at }
  const found = await findPerson(wanted, deps)
  const { byToken } = belongsTo(new Set(person.hashes), deps.hashes)
  if (found.shared.some(byToken)) return { ok: false, mistake: SHARED }
  const { store } = deps
  const frozen = createFrozenSpan(await store.frozen())
  frozen.addItems(found.items)
  const count = { tokens: 0, events: found.items.events.length, sessions: found.items.sessions.length }
  for (const token of found.tokens) {
    const events = (await store.eventsOf(token.flow, token.token)).filter((event) => event.at <= at)
    const sessions = (await store.sessionsOf([token])).filter(({ startedAt }) => startedAt <= at)
    if (events.length + sessions.length > 0) count.tokens++
    count.events += events.length
    count.sessions += sessions.length
    await frozen.addToken(token, at, store)
    await deps.afterPage(0.95, `${count.tokens} tokens are counted.`)
  }
  const unread = new Set(found.unread)
  let [files, archivedEvents] = [0, 0]
  for await (const [, events] of archivedOf(found, wanted, deps, (sentence) => unread.add(sentence))) {
    files++
    archivedEvents += events.length
  }
  const span = frozen.span()
  const preview = {
    ...count,
    sharedEvents: found.items.events.length,
    files,
    archivedEvents,
    unread: [...unread],
    ...(span && { frozen: span }),
  }
  return { ok: true, found, preview }
}

/** Of the person, and not of others under the same token. */
export const isNothing = ({ events, sessions, archivedEvents }: Preview): boolean =>
  events + sessions + archivedEvents === 0

export const SHARED =
  'many people share this token: it had 2,000 events without a pause, and nobody fills in a form that long. Its events belong to ' +
  'nobody alone; give a value that the person typed instead'

/** What files of the archive have of the person, file by file. */
export async function* archivedOf(
  found: Found,
  wanted: Parameters<typeof isTheirs>[1] & Parameters<typeof mayHave>[1],
  { archive, hashes, afterPage }: Pick<FindDeps, 'archive' | 'hashes' | 'afterPage'>,
  onUnread: (sentence: string) => void,
): AsyncGenerator<[file: string, events: readonly TrailEvent[]]> {
  if (!archive) return
  const isOfPerson = isTheirs(found, wanted, hashes)
  for await (const file of archive.files()) {
    if (!mayHave(file, wanted)) continue
    try {
      const events = (await Array.fromAsync(archive.read(file))).filter(isOfPerson)
      if (events.length > 0) yield [file.name, events]
    } catch (error) {
      onUnread((error as Error).message)
    }
    await afterPage(0.98, `${file.name} in the archive is looked at.`)
  }
}
