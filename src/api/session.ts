import { z } from 'zod'
import { notFound, reported } from '../report/result.ts'
import { sessionReport } from '../report/sessions.ts'
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
    /** There are more events, or visits, than these. */
    isCut: z.boolean(),
  }),
  async read({ reader, params, audit }) {
    const found = await sessionReport(reader, params.id ?? '', MOST_EVENTS)
    if (!found) return notFound('There is no such session; it may have been removed when its retention ended')
    const { session, ending, visits, moments, isCut } = found
    await audit('api_session', session.id)
    return reported({
      session: showSession(session, ending),
      visits: visits.map(showVisit),
      events: moments.map(showEvent),
      isCut: isCut || visits.length < session.steps.length,
    })
  },
})

/** Whoever needs more than these of one session has the export. */
const MOST_EVENTS = 1_000
