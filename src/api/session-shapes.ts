// What a session looks like: a line of the list, and all of it.

import { z } from 'zod'
import type { SessionMoment } from '../report/timeline.ts'
import type { Ending, Session, Step } from '../trail/session.ts'
import { count, ending, instant, iso, json, list } from './shapes.ts'

export const sessionLine = z.strictObject({
  id: z.string(),
  flow: z.string(),
  version: z.string(),
  token: z.string(),
  startedAt: instant,
  lastAt: instant,
  completedAt: instant.optional(),
  durationMs: z.number().min(0),
  ending,
  exit: z.string(),
  /** Steps of the funnel. */
  reached: count,
  choices: z.record(z.string(), json),
  counts: z.strictObject({
    events: count,
    repeats: count,
    rejects: count,
    backs: count,
    reopens: count,
    clientErrors: count,
  }),
})

export const showSession = (session: Session, ended: Ending): z.output<typeof sessionLine> => ({
  id: session.id,
  flow: session.flow,
  version: session.version,
  token: session.token,
  startedAt: iso(session.startedAt),
  lastAt: iso(session.lastAt),
  ...(session.completedAt !== undefined && { completedAt: iso(session.completedAt) }),
  durationMs: session.lastAt - session.startedAt,
  ending: ended,
  exit: session.exit,
  reached: session.furthest + 1,
  choices: session.choices,
  counts: session.counts,
})

const error = z.strictObject({
  code: z.string(),
  field: z.string().optional(),
  rule: z.string().optional(),
  message: z.string().optional(),
})

const duration = z.number().min(0)

export const visit = z.strictObject({
  screen: z.string(),
  showing: z.enum(['seen', 'inferred']),
  shownAt: instant,
  leftAt: instant.optional(),
  end: z.enum(['submitted', 'completed', 'back', 'reopened', 'moved']).optional(),
  dwellMs: duration,
  processingMs: duration,
  upstreamMs: duration,
  loadMs: duration.optional(),
  requests: count,
  rejects: list(z.strictObject({ field: z.string(), rule: z.string(), count })),
  errors: list(error),
})

export const showVisit = ({ shownAt, leftAt, ...step }: Step): z.output<typeof visit> => ({
  ...step,
  shownAt: iso(shownAt),
  ...(leftAt !== undefined && { leftAt: iso(leftAt) }),
})

/** `input` is what the policy of each field keeps. */
export const event = z.strictObject({
  id: z.string(),
  at: instant,
  sinceMs: duration,
  action: z.enum(['init', 'submit', 'back', 'client_error']),
  screen: z.string(),
  next: z.string(),
  outcome: z.enum(['shown', 'rejected', 'completed', 'failed', 'acknowledged']),
  trigger: z.string().optional(),
  isRepeat: z.boolean(),
  dwellMs: duration.optional(),
  input: z.record(z.string(), json),
  errors: list(error),
  processingMs: duration,
  upstreamMs: duration,
  requestBytes: count,
  replyBytes: count,
})

export const showEvent = ({
  event: { id, ...told },
  sinceMs,
  isRepeat,
  dwellMs,
}: SessionMoment): z.output<typeof event> => ({
  id,
  at: iso(told.at),
  sinceMs,
  action: told.action,
  screen: told.screen,
  next: told.next,
  outcome: told.outcome,
  ...(told.trigger !== undefined && { trigger: told.trigger }),
  isRepeat,
  ...(dwellMs !== undefined && { dwellMs }),
  input: told.input,
  errors: told.errors,
  processingMs: told.processingMs,
  upstreamMs: told.upstreamMs,
  requestBytes: told.requestBytes,
  replyBytes: told.replyBytes,
})
