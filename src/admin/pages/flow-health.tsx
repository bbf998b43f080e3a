/** @jsxImportSource preact */

import type { SmallMultiplesView } from '../../../views/charts/small-multiples.tsx'
import { FlowHealthPage, type FlowHealthView } from '../../../views/pages/flow-health.tsx'
import { LATENCY_LEVELS, LEAST_REQUESTS, SHARE_LEVELS } from '../../insight/health.ts'
import { showDuration } from '../../lib/units.ts'
import type { ReportOf } from '../../report/reports.ts'
import { frameOfNow } from '../flow-frame.ts'
import { flowPage } from '../flow-page.ts'
import { levelOf, UNKNOWN } from '../levels.ts'
import type { LocalTimeFormat } from '../local-time.ts'

export const getFlowHealthPage = flowPage({ tab: '/health', parameters: {} }, async (request) => {
  const { deps, account, flow, frame, ask } = request
  const { now, curve } = await ask('health', { flow })
  const view: FlowHealthView = {
    frame: frameOfNow(frame),
    at: deps.localTime.minute(now.at),
    measures: measuresOf(now),
    refused: Object.entries(now.endpointErrors?.refused ?? {})
      .filter(([, requests]) => requests > 0)
      .map(([reason, requests]) => ({ reason: reason.replaceAll('_', ' '), requests })),
    curve: curveOf(curve, deps.localTime),
    levels: `Meta sends an alert when p90 reaches 1 s, 5 s and 7 s, and when the shares reach 5 %, 10 % and 50 %. Fewer than ${LEAST_REQUESTS} requests have no level. Meta measures from outside, with the network; whether it can reach this endpoint at all, only Meta knows.`,
  }
  return <FlowHealthPage account={account} view={view} />
})

/** A bar every ten minutes: of the points of five minutes each second one, and the newest. */
function curveOf(curve: ReportOf<'health'>['curve'], localTime: LocalTimeFormat): SmallMultiplesView {
  const points = curve.filter((_, index) => (curve.length - 1 - index) % 2 === 0)
  const share = (of: 'endpointErrors' | 'clientErrors') =>
    points.map((point) => {
      const rate = point[of]
      if (rate === null) return { value: null }
      return {
        value: rate.share ?? 0,
        text: `${rate.count} of ${rate.of}`,
        isFew: rate.of < LEAST_REQUESTS,
      }
    })
  const newest = points.at(-1)
  const limits = [{ value: SHARE_LEVELS['5%'], label: '5%' }]
  return {
    id: 'curve',
    title: 'Health over the last day',
    description: 'p90 of our time, and the shares of endpoint errors and errors of phones, every ten minutes.',
    isTitleHidden: true,
    slotName: 'Until',
    slots: points.map(({ at }) => localTime.minute(at).text.split(', ')[1] ?? ''),
    rhythm: 36,
    series: [
      {
        label: 'p90 of our time',
        text: newest?.latencyMs.p90 === undefined ? '' : showDuration(newest.latencyMs.p90),
        bars: points.map(({ latencyMs: { n, p90 = 0 } }) => ({
          value: p90,
          text: n === 0 ? 'no requests' : showDuration(p90),
          isFew: n < LEAST_REQUESTS,
        })),
        limits: [{ value: LATENCY_LEVELS['1s'], label: '1 s' }],
      },
      { label: 'Endpoint errors', text: '', isBad: true, bars: share('endpointErrors'), limits },
      { label: 'Errors of phones', text: '', isBad: true, bars: share('clientErrors'), limits },
    ],
  }
}

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
