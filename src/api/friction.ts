import { z } from 'zod'
import { VERSION } from '../query/parameters.ts'
import { flowResource } from './resource.ts'
import { countShape, counts, list, rate, spread } from './shapes.ts'

const screen = z.strictObject({
  screen: z.string(),
  sessions: countShape,
  lost: countShape,
  open: countShape,
  completed: countShape,
  lostShare: rate,
  shown: countShape,
  inferred: countShape,
  submitted: countShape,
  rejects: countShape,
  rejectsBy: counts,
  rejected: countShape,
  corrected: rate,
  backs: countShape,
  reopens: countShape,
  clientErrors: countShape,
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
