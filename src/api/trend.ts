import { z } from 'zod'
import { CHOICE, VERSION } from '../query/parameters.ts'
import { flowResource } from './resource.ts'
import { countShape, list, rate } from './shapes.ts'

const outcomes = { sessions: countShape, completed: countShape, open: countShape, lost: countShape, completion: rate }

export const trendResource = flowResource({
  report: 'trend',
  summary: 'How many came each day, and came through.',
  parameters: { ...VERSION, ...CHOICE },
  answer: { total: z.strictObject(outcomes), days: list(z.strictObject({ day: z.iso.date(), ...outcomes })) },
  question: (query) => query,
  show: ({ total, days }) => ({ total, days }),
})
