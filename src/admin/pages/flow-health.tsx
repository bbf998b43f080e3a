/** @jsxImportSource preact */
import { FlowHealthPage, type FlowHealthView, type LevelView } from '../../../views/pages/flow-health.tsx'
import { LEAST_REQUESTS } from '../../insight/health.ts'
import { showDuration } from '../../lib/units.ts'
import type { ReportOf } from '../../report/reports.ts'
import { flowPage } from '../flow-page.ts'

export const getFlowHealthPage = flowPage({ tab: '/health', parameters: {} }, async (request) => {
  const { deps, account, flow, frame, ask } = request
  const { now, curve } = await ask('health', { flow })
  const { bar, ...withoutPeriod } = frame
  const halfHours = curve.filter((_, index) => (curve.length - 1 - index) % POINTS_OF_A_HALF_HOUR === 0)
  const view: FlowHealthView = {
    frame: withoutPeriod,
    at: deps.localTime.minute(now.at),
    measures: measuresOf(now),
    refused: Object.entries(now.endpointErrors?.refused ?? {})
      .filter(([, requests]) => requests > 0)
      .map(([reason, requests]) => ({ reason: reason.replaceAll('_', ' '), requests })),
    curve: halfHours.toReversed().map(({ at, latencyMs }) => ({
      time: deps.localTime.minute(at),
      requests: latencyMs.n,
      ...(latencyMs.p90 !== undefined && { p90: latencyMs.p90 }),
    })),
    levels: `Meta sends an alert when p90 reaches 1 s, 5 s and 7 s, and when the shares reach 5 %, 10 % and 50 %. Fewer than ${LEAST_REQUESTS} requests have no level. Meta measures from outside, with the network; whether it can reach this endpoint at all, only Meta knows.`,
  }
  return <FlowHealthPage account={account} view={view} />
})

const POINTS_OF_A_HALF_HOUR = 6

function measuresOf({
  latencyMs: latency,
  endpointErrors,
  clientErrors,
  failed,
}: ReportOf<'health'>['now']): FlowHealthView['measures'] {
  const { n, p50, p90 } = latency
  const time =
    p50 === undefined || p90 === undefined
      ? 'no requests'
      : `median ${showDuration(p50)}, p90 ${showDuration(p90)} of ${n}`
  return [
    { what: 'Our time', over: '30 minutes', value: time, level: levelOf(latency.level) },
    {
      what: 'Endpoint errors',
      over: '30 minutes',
      value: endpointErrors ?? 'not known',
      level: endpointErrors ? levelOf(endpointErrors.level) : UNKNOWN,
    },
    { what: 'Errors of phones', over: '60 minutes', value: clientErrors, level: levelOf(clientErrors.level) },
    {
      what: 'Got the failure message',
      over: '30 minutes',
      value: failed,
      level: { text: 'no error to Meta', state: 'unknown' },
    },
  ]
}

const UNKNOWN: LevelView = { text: 'not known', state: 'unknown' }

function levelOf(level: string): LevelView {
  if (level === 'too_few_requests') return { text: 'too few requests', state: 'unknown' }
  return level === 'ok' ? { text: 'good', state: 'good' } : { text: `level ${level}`, state: 'bad' }
}
