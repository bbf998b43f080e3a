import { z } from 'zod'
import { CHOICE, VERSION } from './parameters.ts'
import { flowResource } from './resource.ts'
import { count, list, rate } from './shapes.ts'

const outcomes = { sessions: count, completed: count, open: count, lost: count, completion: rate }

export const trendResource = flowResource({
  name: 'trend',
  summary: 'How many came each day, and came through.',
  parameters: { ...VERSION, ...CHOICE },
  answer: { total: z.strictObject(outcomes), days: list(z.strictObject({ day: z.iso.date(), ...outcomes })) },
  report: 'trend',
  question: (query) => query,
  show: ({ total, days }) => ({ total, days }),
})
