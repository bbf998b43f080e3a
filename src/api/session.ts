import { z } from 'zod'
import { resource } from './resource.ts'
import { event, sessionLine, showEvent, showSession, showVisit, visit } from './session-shapes.ts'
import { list } from './shapes.ts'

export const sessionResource = resource({
  path: '/sessions/{id}',
  summary: 'One session: its visits of screens, and its events with what the field policy keeps of them.',
  parameters: {},
  answer: z.strictObject({
    session: sessionLine,
    visits: list(visit),
    events: list(event),
    isCut: z.boolean(),
  }),
  report: 'session',
  question: ({ params: { id = '' }, caller }) => ({
    id,
    most: MOST_EVENTS,
    audit: { who: caller, what: 'api_session' },
  }),
  show: ({ session, visits, moments, moreVisits, hasMoreEvents }) => ({
    session: showSession(session),
    visits: visits.map(showVisit),
    events: moments.map(showEvent),
    isCut: hasMoreEvents || moreVisits > 0,
  }),
})

/** The export has every event. */
const MOST_EVENTS = 1_000
