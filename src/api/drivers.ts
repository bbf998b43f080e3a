import { z } from 'zod'
import { driverShape, type Factor } from '../insight/shapes.ts'
import { list } from '../lib/shapes.ts'
import { flowReportShape, type Period, periodShape } from '../report/shapes.ts'
import { PERIOD, VERSION } from './parameters.ts'
import { rendererOf } from './render.ts'
import { resource } from './resource.ts'

const driver = z.strictObject({ sentence: z.string(), ...driverShape.shape, sessions: z.string() })

export const driversResource = resource({
  path: '/flows/{flow}/drivers',
  summary: 'What goes together with leaving a screen, the surest first; `sessions` leads to those that left.',
  parameters: { ...PERIOD, ...VERSION },
  answer: flowReportShape({ drivers: list(driver) }),
  report: 'drivers',
  show({ flow, period, ...report }, { base, query: { version } }) {
    const linkOf = (screen: string, factor: Factor) => {
      const named = { flow, exit: screen, ending: 'lost', ...daysOf(period), ...(version !== undefined && { version }) }
      return `${base}/api/v1/sessions?${new URLSearchParams({ ...named, ...filterOf(factor) })}`
    }
    const drivers = report.drivers.map((driver) => ({ ...driver, sessions: linkOf(driver.screen, driver.factor) }))
    return { flow, period: showPeriod(period), drivers }
  },
})

const showPeriod = rendererOf(periodShape)

const daysOf = ({ from, until }: Period) => ({ from, until })

/** The parameters of the sessions resource for this factor. */
function filterOf(factor: Factor): { readonly [name: string]: string } {
  switch (factor.kind) {
    case 'choice': {
      const value = typeof factor.value === 'string' ? factor.value : JSON.stringify(factor.value)
      return { choice: `${factor.field}:${value}` }
    }
    case 'rule':
      return { rule: `${factor.field}/${factor.rule}` }
    case 'load':
      return { load: factor.bucket }
    case 'weekday':
      return { weekday: String(factor.weekday) }
    case 'hour':
      return { hour: String(factor.hour) }
    case 'version':
      return { version: factor.version }
  }
}
