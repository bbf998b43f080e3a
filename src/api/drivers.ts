import { z } from 'zod'
import { driverShape, type Factor } from '../insight/shapes.ts'
import { list } from '../lib/shapes.ts'
import { PERIOD, VERSION } from '../query/parameters.ts'
import { linkOfFactor, queryStringOf } from '../query/session-parameters.ts'
import { screenReportShape } from '../report/shapes.ts'
import { rendererOf } from './render.ts'
import { resource } from './resource.ts'

const driver = z.strictObject({ sentence: z.string(), ...driverShape.shape, sessions: z.string() })

const answer = screenReportShape({ drivers: list(driver) })
const render = rendererOf(answer)

export const driversResource = resource({
  path: '/flows/{flow}/drivers',
  summary: 'What goes together with leaving a screen, the costliest first; `sessions` leads to those that left.',
  parameters: { ...PERIOD, ...VERSION },
  answer,
  report: 'drivers',
  show(report, { base, query: { version } }) {
    const { flow, period } = report
    const linkOf = (screen: string, factor: Factor) => {
      const lost = { flow, exit: screen, ending: 'lost', from: period.from, until: period.until, version }
      return `${base}/api/v1/sessions${queryStringOf({ ...lost, ...linkOfFactor(factor) })}`
    }
    const drivers = report.drivers.map((driver) => ({ ...driver, sessions: linkOf(driver.screen, driver.factor) }))
    return render({ ...report, drivers })
  },
})
