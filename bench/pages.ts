// What the pages and scripts ask, through the API of a whole app; and a store that is full of people to ask about.

import { rulebookOf } from '../src/config/session-rules.ts'
import { createLog } from '../src/lib/log.ts'
import { openQueryStore } from '../src/store/open.ts'
import type { Store } from '../src/store/store.ts'
import type { TrailEvent } from '../src/trail/event.ts'
import { configWith, type Folder, makeFolder } from '../test/kit.ts'
import { type StoreWithRollups, withRollups } from '../test/with-rollups.ts'
import { DAYS, daysOfPeople, FLOWS, JOURNEYS, SCREENS } from './journeys.ts'

export const DAY = 86_400_000
export const TOKEN = 'a-token-for-the-bench'
/** The first midnight, and the end of the last day. */
export const START = Date.UTC(2026, 2, 1)
export const NOW = START + DAYS * DAY - 1

const BATCH = 2_000

/** With the flows of the people, and a store at this address. */
export const makeJourneysFolder = (uri: string): Promise<Folder> =>
  makeFolder(
    configWith(
      JOURNEYS,
      `server: { timezone: UTC }\nstore: { uri: "${uri}" }\nsession: { gap: 24h, lost_after: 24h, repeat_window: 15s }\napi: { tokens: [${TOKEN}] }`,
    ),
  )

export const openJourneysStore = async (folder: Folder): Promise<StoreWithRollups> =>
  withRollups(await openQueryStore((await folder.load()).config.store.uri, createLog('warn')))

export type Filled = { readonly loaded: number; readonly seconds: number }

type FillOptions = {
  /** The first midnight. */
  readonly start?: number
  readonly onDay?: (events: readonly TrailEvent[], loaded: number) => Promise<void>
}

/** About so many events through the store's own bulk path. Resolves with how many, and how long the store took over them. */
export async function fill(
  folder: Folder,
  store: Store,
  total: number,
  { start = START, onDay = async () => {} }: FillOptions = {},
): Promise<Filled> {
  const rulebook = rulebookOf(await folder.load())
  let loaded = 0
  let ms = 0
  for (const events of daysOfPeople(total, start)) {
    const began = performance.now()
    for (let at = 0; at < events.length; at += BATCH) await store.record(events.slice(at, at + BATCH), rulebook)
    ms += performance.now() - began
    loaded += events.length
    await onDay(events, loaded)
  }
  return { loaded, seconds: ms / 1_000 }
}

const [FLOW] = FLOWS
const month = 'from=2026-03-31&until=2026-04-29'

/** By what they are called: addresses below `/api/v1`. `session`: the id of one. */
export const pagesOf = (session: string): { readonly [name: string]: string } => ({
  flows: `/flows?${month}`,
  'funnel, 60 days': `/flows/${FLOW}/funnel?from=2026-03-01&until=2026-04-29`,
  'funnel compared with the 30 days before': `/flows/${FLOW}/funnel?${month}&compare=previous`,
  'funnel by hour': `/flows/${FLOW}/funnel?${month}&by=hour`,
  'funnel by service': `/flows/${FLOW}/funnel?${month}&by=choice:service`,
  friction: `/flows/${FLOW}/friction?${month}`,
  paths: `/flows/${FLOW}/paths?${month}`,
  drivers: `/flows/${FLOW}/drivers?${month}`,
  latency: `/flows/${FLOW}/latency?${month}`,
  'time to convert': `/flows/${FLOW}/time-to-convert?${month}`,
  trend: `/flows/${FLOW}/trend?${month}`,
  quality: `/flows/${FLOW}/quality?${month}`,
  errors: `/flows/${FLOW}/errors?${month}`,
  health: `/flows/${FLOW}/health`,
  payloads: `/flows/${FLOW}/payloads?${month}`,
  '50 sessions': '/sessions?limit=50',
  '50 that were lost on one screen': `/sessions?limit=50&ending=lost&exit=${SCREENS[1]}`,
  '50 of them after one choice': `/sessions?limit=50&flow=${FLOW}&ending=lost&exit=${SCREENS[1]}&choice=service:emergency`,
  incidents: '/incidents',
  'one session’s timeline': `/sessions/${session}`,
})

export const FUNNEL = `/flows/${FLOW}/funnel?${month}`

/** What the funnel asks of the raw events. */
export const OVER_EVENTS = { flow: FLOW, screens: SCREENS, from: START + 30 * DAY, until: START + DAYS * DAY }
