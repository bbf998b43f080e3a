import { z } from 'zod'
import { instant, iso, list } from '../lib/shapes.ts'
import { ANSWER_PAGE_BYTES, paging } from '../query/parameters.ts'
import { queryStringOf, SESSIONS, sessionsQuestionOf } from '../query/session-parameters.ts'
import { fitPage } from '../report/page.ts'
import { resource } from './resource.ts'
import { sessionLine, showSession } from './session.ts'

const parameters = { ...SESSIONS, ...paging(1_000) }

export const sessionsResource = resource({
  path: '/sessions',
  summary:
    'Sessions, the newest first, a page at a time. A page can hold fewer than `limit`; there are more while there is a `next`.',
  parameters,
  answer: z.strictObject({
    sessions: list(sessionLine),
    next: z.string().optional(),
    searchedTo: instant.optional(),
    removedBefore: instant.optional(),
  }),
  report: 'sessions',
  question({ query, sent, caller, formsOfToken, auditedToken }) {
    const { limit, after } = query
    const token = query.token === undefined ? undefined : formsOfToken(query.token)
    const audited = query.token === undefined ? undefined : auditedToken(query.token)
    const filters = queryStringOf({ ...sent, token: audited, limit: undefined, after: undefined })
    const audit = { who: caller, what: 'api_sessions', detail: filters || 'everything' } as const
    return { ...sessionsQuestionOf(query), token, limit, after, audit }
  },
  show(page) {
    const { items, ...next } = fitPage(page, ANSWER_PAGE_BYTES, showSession, ({ startedAt: at, id }) => ({ at, id }))
    const { searchedTo, removedBefore } = page
    return {
      sessions: items,
      ...next,
      ...(searchedTo !== undefined && { searchedTo: iso(searchedTo) }),
      ...(removedBefore !== undefined && { removedBefore: iso(removedBefore) }),
    }
  },
})
