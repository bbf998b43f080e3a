import { z } from 'zod'
import type { Factor } from '../insight/drivers.ts'
import { VERSION } from '../query/parameters.ts'
import { linkOfFactor, queryStringOf } from '../query/session-parameters.ts'
import type { Period } from '../report/period.ts'
import { flowResource } from './resource.ts'
import { countShape, json, list } from './shapes.ts'

const factor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('choice'), field: z.string(), value: json }),
  z.strictObject({ kind: z.literal('rule'), field: z.string(), rule: z.string() }),
  z.strictObject({ kind: z.literal('load'), bucket: z.string() }),
  z.strictObject({ kind: z.literal('weekday'), weekday: z.int().min(1).max(7) }),
  z.strictObject({ kind: z.literal('hour'), hour: z.number().min(0).max(24) }),
  z.strictObject({ kind: z.literal('version'), version: z.string() }),
])

const driver = z.strictObject({
  sentence: z.string(),
  screen: z.string(),
  factor,
  n: countShape,
  others: countShape,
  lost: countShape,
  othersLost: countShape,
  ratio: z.number().min(1).nullable(),
  p: z.number().min(0),
  q: z.number().min(0),
  sessions: z.string(),
})

export const driversResource = flowResource({
  report: 'drivers',
  summary: 'What goes together with leaving a screen, the surest first; `sessions` leads to those that left.',
  parameters: VERSION,
  answer: { drivers: list(driver) },
  question: (query) => query,
  show({ flow, period, drivers }, { base, query: { version } }) {
    const linkOf = (screen: string, factor: Factor) => {
      const lost = { flow, exit: screen, ending: 'lost', ...daysOf(period), version }
      return `${base}/api/v1/sessions${queryStringOf({ ...lost, ...linkOfFactor(factor) })}`
    }
    return { drivers: drivers.map((driver) => ({ ...driver, sessions: linkOf(driver.screen, driver.factor) })) }
  },
})

const daysOf = ({ from, until }: Period) => ({ from, until })
