// Plays the story: for thirty days people come to the endpoint by a clock of their own, and then go on coming in real time. Each of
// their requests is encrypted and signed as Meta's are.

import { type KeyEntry, publicKeyOf } from '../../config/flow-key.ts'
import type { Flow } from '../../flow/definition.ts'
import { type Clock, systemClock } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import type { Log } from '../../lib/log.ts'
import { SECOND_MS } from '../../lib/units.ts'
import { arrivalsOn } from '../../simulate/arrivals.ts'
import { createPeople, type People, type PeopleDeps } from '../../simulate/people.ts'
import { parseProfile } from '../../simulate/profile.ts'
import { seededRandom } from '../../simulate/random.ts'
import { createVirtualClock } from '../../simulate/virtual-clock.ts'
import { type Business, openBusiness } from './business.ts'
import { FLOW, PROFILE, type Story, storyAt } from './story.ts'

export type HistoryOptions = {
  /** As `init` makes it. */
  readonly folder: string
  /** 0 takes a free one. */
  readonly port: number
  readonly timezone: string
  /** About how many people come in thirty days: those who would come later today are left out. */
  readonly people: number
  /** The same seed, on the same day, gives the same people at the same times, who decide alike. */
  readonly seed: string
}

export type HistoryDeps = {
  readonly log: Log
  /** When it aborts, nobody comes any more, and everybody stops after their current request. */
  readonly signal: AbortSignal
  /** The history ends when it reaches this clock. */
  readonly real?: Clock
  readonly onServing?: (business: Business) => void
  /** `share`: of all people of the history, from 0 to 1. */
  readonly onProgress?: (share: number, day: string, people: number) => void
}

export type History = {
  readonly business: Business
  readonly story: Story
  /** What came of the walks so far. */
  readonly totals: People['totals']
  /** To be called after the signal has aborted: closes the business when everybody has stopped. */
  close(): Promise<void>
}

/** Resolves when the history is over, or the signal aborts. */
export async function playHistory(options: HistoryOptions, deps: HistoryDeps): Promise<History> {
  const { timezone, seed } = options
  const { log, signal, real = systemClock } = deps
  const endsAt = real()
  const story = storyAt(endsAt, timezone)
  const { now, sleep, run, caughtUp } = createVirtualClock({ startsAt: story.startsAt, real, signal })
  const business = await openBusiness({ ...options, outage: story.outage, clock: now, log })
  deps.onServing?.(business)
  const people = await demoPeople(options, business, { now, sleep, signal })

  const walks = new Set<Promise<unknown>>()
  const come = (index: number) => {
    const walk = run(() => people.meet(index)).finally(() => walks.delete(walk))
    walks.add(walk)
  }
  const arrivals = arrivalsOn({ ...options, days: story.days, random: seededRandom(`${seed}/arrivals`) })
  const past = arrivals.filter((at) => at < endsAt)

  const peopleCome = async () => {
    for (const [index, at] of past.entries()) {
      await sleep(at - now())
      if (signal.aborted) return
      come(index)
      deps.onProgress?.((index + 1) / past.length, dayOf(at, timezone), index + 1)
    }
    await sleep(endsAt - now())
    const random = seededRandom(`${seed}/today`)
    for (let index = past.length; !signal.aborted; index++) {
      come(index)
      await sleep(2 * random() * BETWEEN_PEOPLE_MS)
    }
  }
  const flowChanges = async () => {
    await sleep(story.changesAt - now())
    // All others sleep meanwhile.
    if (!signal.aborted) await business.changeFlow()
  }
  const everything = Promise.all([run(peopleCome), run(flowChanges)])
  const close = async () => {
    await Promise.allSettled([everything, ...walks])
    await business.close()
  }
  await Promise.race([caughtUp, everything]).catch(async (error: unknown) => {
    await business.close()
    throw error
  })
  return { business, story, totals: people.totals, close }
}

/** On average, once the history is over. */
const BETWEEN_PEOPLE_MS = 20 * SECOND_MS

async function demoPeople(
  { timezone, seed }: HistoryOptions,
  business: Business,
  deps: Omit<PeopleDeps, 'fetch'>,
): Promise<People> {
  const { config, flows } = business.loaded
  // Its screens and fields are the same in both versions.
  const flow = flows.get(FLOW) as Flow
  const parsed = parseProfile(PROFILE, flow)
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  return createPeople(
    {
      flow,
      url: `http://localhost:${business.port}/flows/${FLOW}`,
      publicKey: await publicKeyOf(config.meta.keys[0] as KeyEntry),
      appSecret: config.meta.app_secrets[0] as string,
      profile: parsed.profile,
      timezone,
      seed,
      run: seed,
    },
    // Without a network, which would take as long again.
    { ...deps, fetch: (url, init) => business.app.handle(new Request(url, init)) },
  )
}
