import { z } from 'zod'
import { driverShape, type Factor } from '../insight/shapes.ts'
import { iso, list } from '../lib/shapes.ts'
import { PERIOD, VERSION } from '../query/parameters.ts'
import { linkOfFactor, queryStringOf } from '../query/session-parameters.ts'
import { type Period, periodShape, screenReportShape } from '../report/shapes.ts'
import { rendererOf } from './render.ts'
import { resource } from './resource.ts'

const driver = z.strictObject({ sentence: z.string(), ...driverShape.shape, sessions: z.string() })

export const driversResource = resource({
  path: '/flows/{flow}/drivers',
  summary: 'What goes together with leaving a screen, the costliest first; `sessions` leads to those that left.',
  parameters: { ...PERIOD, ...VERSION },
  answer: screenReportShape({ drivers: list(driver) }),
  report: 'drivers',
  show({ flow, period, removedBefore, titles, ...report }, { base, query: { version } }) {
    const linkOf = (screen: string, factor: Factor) => {
      const lost = { flow, exit: screen, ending: 'lost', ...daysOf(period), version }
      return `${base}/api/v1/sessions${queryStringOf({ ...lost, ...linkOfFactor(factor) })}`
    }
    const drivers = report.drivers.map((driver) => ({ ...driver, sessions: linkOf(driver.screen, driver.factor) }))
    const removed = removedBefore === undefined ? {} : { removedBefore: iso(removedBefore) }
    return { flow, period: showPeriod(period), ...removed, titles, drivers }
  },
})

const showPeriod = rendererOf(periodShape)

const daysOf = ({ from, until }: Period) => ({ from, until })
