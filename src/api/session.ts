// One session: its line in the list, its visits, its events.

import { z } from 'zod'
import { countShape, instant, iso, json, list } from '../lib/shapes.ts'
import type { SessionMoment } from '../report/session.ts'
import type { SessionLine } from '../report/sessions.ts'
import { titlesShape } from '../report/shapes.ts'
import { ACTIONS, OUTCOMES } from '../trail/event.ts'
import { ENDINGS } from '../trail/session.ts'
import { type Step, sessionCountsShape, stepShape, trailErrorShape } from '../trail/shapes.ts'
import { rendererOf } from './render.ts'
import { resource } from './resource.ts'

const duration = z.number().min(0)

export const sessionLine = z.strictObject({
  id: z.string(),
  flow: z.string(),
  version: z.string(),
  token: z.string(),
  startedAt: instant,
  lastAt: instant,
  completedAt: instant.exactOptional(),
  /** To the completion, else to the last request. */
  durationMs: duration,
  ending: z.enum(ENDINGS),
  exit: z.string(),
  /** Steps of the funnel. */
  reached: countShape,
  choices: z.record(z.string(), json),
  counts: sessionCountsShape,
})

const renderLine = rendererOf(sessionLine)

export const showSession = ({ startedAt, lastAt, completedAt, ...session }: SessionLine) =>
  renderLine({
    ...session,
    startedAt,
    lastAt,
    ...(completedAt !== undefined && { completedAt }),
    durationMs: (completedAt ?? lastAt) - startedAt,
    reached: session.furthest + 1,
  })

const showVisit = ({ shownAt, leftAt, ...step }: Step): z.input<typeof stepShape> => ({
  ...step,
  shownAt: iso(shownAt),
  ...(leftAt !== undefined && { leftAt: iso(leftAt) }),
})

/** `input`: what the policy of each field keeps. */
const event = z.strictObject({
  id: z.string(),
  at: instant,
  sinceMs: duration,
  action: z.enum(ACTIONS),
  screen: z.string(),
  next: z.string(),
  outcome: z.enum(OUTCOMES),
  trigger: z.string().exactOptional(),
  isRepeat: z.boolean(),
  dwellMs: duration.exactOptional(),
  input: z.record(z.string(), json),
  errors: list(trailErrorShape),
  processingMs: duration,
  upstreamMs: duration,
  requestBytes: countShape,
  replyBytes: countShape,
})

const renderEvent = rendererOf(event)

const showEvent = ({ event: { at, ...facts }, ...moment }: SessionMoment) => renderEvent({ ...facts, ...moment, at })

export const sessionResource = resource({
  path: '/sessions/{id}',
  summary: 'One session: its visits of screens, and its events with what the field policy keeps of them.',
  parameters: {},
  answer: z.strictObject({
    session: sessionLine,
    titles: titlesShape,
    visits: list(stepShape),
    events: list(event),
    isCut: z.boolean(),
    areEventsRemoved: z.boolean(),
  }),
  report: 'session',
  question: ({ params: { id = '' }, caller }) => ({
    id,
    most: MOST_EVENTS,
    audit: { who: caller, what: 'api_session' },
  }),
  show: ({ session, titles, visits, moments, moreVisits, hasMoreEvents, areEventsRemoved }) => ({
    session: showSession(session),
    titles,
    visits: visits.map(showVisit),
    events: moments.map(showEvent),
    isCut: hasMoreEvents || moreVisits > 0,
    areEventsRemoved,
  }),
})

/** The export has every event. */
const MOST_EVENTS = 1_000
