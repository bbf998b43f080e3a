// Learns the screens and fields of flows that another server answers, where neither config nor Flow JSON has them.

import { LRUCache } from 'lru-cache'
import type { FlowAnswer } from '../flow/answer.ts'
import type { Flow } from '../flow/definition.ts'
import {
  LEARNED,
  type Learned,
  learn,
  NOTHING_LEARNED,
  readLearned,
  type Seen,
  together,
  typeOfValue,
} from '../flow/learned.ts'
import { learnedFlow } from '../flow/learned-flow.ts'
import type { FlowConfig } from '../flow/schema.ts'
import { canonical, type Json, type JsonObject } from '../lib/json.ts'
import { answeredWithin } from '../lib/with-timeout.ts'
import { isPersonal } from '../privacy/personal-data.ts'
import type { Store } from '../store/store.ts'
import { isTracked } from '../trail/event.ts'
import type { FlowRequest } from '../wire/request.ts'

export type Learning = {
  /** Learns from an exchange that was answered well. Returns the flow as it is known then. */
  note(flow: Flow, request: FlowRequest, answered: FlowAnswer & { readonly kind: 'reply' }): Flow
  /** Exchanges what was learned with the store, and so with other processes. Rejects when the store is out of reach. */
  sync(): Promise<void>
  /** The same, if the store answers soon. Never rejects. */
  syncSoon(): Promise<void>
  /** What is known of a flow. */
  of(flow: string): Learned
}

type LearningDeps = {
  /** Changed when something is learned. */
  readonly flows: Map<string, Flow>
  readonly configs: { readonly [flow: string]: FlowConfig }
  readonly wasSent: (flow: string, option: string) => boolean
  readonly store: Pick<Store, 'getDocument' | 'putDocument'>
  readonly now: () => number
  readonly onLearned?: (flow: Flow) => void
}

/** A name in a request is learned when it came with this many flow tokens: one person's phone can send anything. */
const PEOPLE = 3

/** Names that wait for more people; the oldest are forgotten. */
const MOST_CANDIDATES = 2_000

const NAME = /^[A-Za-z_][\w-]{0,79}$/
const SCREEN = /^[A-Za-z_]{1,80}$/

/** Many tokens can be of one phone: a name with a phone number in it is never learned, however many send it. */
const isName = (text: string): boolean => NAME.test(text) && !isPersonal(text)

export function createLearning({ flows, configs, wasSent, store, now, onLearned }: LearningDeps): Learning {
  const known = new Map<string, Learned>()
  const candidates = new LRUCache<string, Set<string>>({ max: MOST_CANDIDATES })
  const of = (flow: string): Learned => known.get(flow) ?? NOTHING_LEARNED

  const adopt = (key: string, learned: Learned): Flow | undefined => {
    known.set(key, learned)
    const flow = learnedFlow(key, configs[key], learned)
    if (!flow) return undefined
    flows.set(key, flow)
    onLearned?.(flow)
    return flow
  }

  /** Whether enough people sent the name by now. */
  const isCommon = (flow: string, name: string, person: string): boolean => {
    const people = candidates.get(`${flow} ${name}`) ?? new Set()
    // Where there is no room to learn it, everybody would be remembered for good.
    if (people.size < PEOPLE) people.add(person)
    candidates.set(`${flow} ${name}`, people)
    return people.size >= PEOPLE
  }

  const seenIn = (flow: Flow, { action, screen, data, token }: FlowRequest, next: string): Seen => {
    const has = new Map(of(flow.key).screens.map(({ id, fields }) => [id, new Set(fields.map(({ name }) => name))]))
    const isLearned = (id: string, field?: string) => {
      const fields = has.get(id)
      if (field === undefined ? fields !== undefined : fields?.has(field)) return true
      return isTracked(token) && isCommon(flow.key, field === undefined ? id : `${id}.${field}`, token)
    }
    const from = action !== 'init' && SCREEN.test(screen) && isLearned(screen) ? screen : ''
    const names = action === 'submit' && from !== '' ? Object.keys(data).filter(isName) : []
    return {
      isOpening: action === 'init',
      screen: from,
      // Back leads to a screen that this one follows.
      next: action === 'back' || next === screen || !SCREEN.test(next) ? '' : next,
      fields: names
        .slice(0, MOST_NAMES)
        .filter((name) => isLearned(screen, name))
        .map((name) => ({ name, type: typeOfValue(data[name] as Json, (option) => wasSent(flow.key, option)) })),
    }
  }

  const sync = async () => {
    for (const [key, flow] of [...flows]) if (flow.isLearning) await syncOne(key)
  }

  return {
    of,
    sync,
    syncSoon: async () => void (await answeredWithin(SOON_MS, sync())),
    note(flow, request, { outcome, next }) {
      if (!flow.isLearning || request.action === 'client_error' || outcome === 'failed') return flow
      const before = of(flow.key)
      const after = learn(before, seenIn(flow, request, next))
      return (after === before ? flows.get(flow.key) : adopt(flow.key, after)) ?? flow
    },
  }

  async function syncOne(key: string): Promise<void> {
    const stored = await store.getDocument(LEARNED, key, now())
    const theirs = readLearned(stored)
    const all = together(theirs, of(key))
    if (!isSame(all, of(key))) adopt(key, all)
    if (isSame(all, theirs)) return
    const condition = stored === undefined ? { onlyIfAbsent: true } : { onlyIf: stored }
    const document = { kind: LEARNED, key, value: all as unknown as JsonObject }
    // If another process was first, the next time has both.
    await store.putDocument(document, { now: now(), ...condition })
  }
}

/** What a start waits for. Without it, fields have no names until the next time. */
const SOON_MS = 500

const MOST_NAMES = 200

const isSame = (a: Learned, b: Learned): boolean =>
  canonical(a as unknown as JsonObject) === canonical(b as unknown as JsonObject)
