// The shapes of a session: a line of the list, its visits, its events.

import { z } from 'zod'
import type { SessionMoment } from '../report/session.ts'
import type { SessionLine } from '../report/sessions.ts'
import type { Step } from '../trail/session.ts'
import { countShape, ending, instant, iso, json, list } from './shapes.ts'

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
  reached: countShape,
  choices: z.record(z.string(), json),
  counts: z.strictObject({
    events: countShape,
    repeats: countShape,
    rejects: countShape,
    backs: countShape,
    reopens: countShape,
    clientErrors: countShape,
  }),
})

export const showSession = (session: SessionLine): z.output<typeof sessionLine> => ({
  ...pick(session, ['id', 'flow', 'version', 'token', 'ending', 'exit', 'choices', 'counts']),
  startedAt: iso(session.startedAt),
  lastAt: iso(session.lastAt),
  ...(session.completedAt !== undefined && { completedAt: iso(session.completedAt) }),
  durationMs: session.lastAt - session.startedAt,
  reached: session.furthest + 1,
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
  requests: countShape,
  rejects: list(z.strictObject({ field: z.string(), rule: z.string(), count: countShape })),
  errors: list(error),
})

export const showVisit = ({ shownAt, leftAt, ...step }: Step): z.output<typeof visit> => ({
  ...step,
  shownAt: iso(shownAt),
  ...(leftAt !== undefined && { leftAt: iso(leftAt) }),
})

/** `input`: what the policy of each field keeps. */
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
  requestBytes: countShape,
  replyBytes: countShape,
})

export const showEvent = ({ event: facts, ...moment }: SessionMoment): z.output<typeof event> => ({
  ...pick(facts, ['id', 'action', 'screen', 'next', 'outcome', 'trigger', 'input', 'errors']),
  ...pick(facts, ['processingMs', 'upstreamMs', 'requestBytes', 'replyBytes']),
  ...moment,
  at: iso(facts.at),
})

/** An absent property stays absent. */
const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key as K))) as Pick<T, K>
