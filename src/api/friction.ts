import { z } from 'zod'
import { VERSION } from './parameters.ts'
import { flowResource } from './resource.ts'
import { count, counts, list, rate, spread } from './shapes.ts'

const screen = z.strictObject({
  screen: z.string(),
  sessions: count,
  lost: count,
  open: count,
  completed: count,
  lostShare: rate,
  shown: count,
  inferred: count,
  submitted: count,
  rejects: count,
  rejectsBy: counts,
  rejected: count,
  corrected: rate,
  backs: count,
  reopens: count,
  clientErrors: count,
  errorsBy: counts,
  dwellMs: spread,
  loadMs: spread,
  answerMs: spread,
  upstreamMs: spread,
})

export const frictionResource = flowResource({
  report: 'friction',
  summary: 'Where it grates: each screen, the one with the most sessions lost first.',
  parameters: VERSION,
  answer: { screens: list(screen) },
  question: (query) => query,
  show: ({ screens }) => ({ screens }),
})
