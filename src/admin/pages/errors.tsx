/** @jsxImportSource preact */

import type { SmallMultiplesView } from '../../../views/charts/small-multiples.tsx'
import { FEW } from '../../../views/numbers.ts'
import { type BreakdownCard, ErrorsPage, type ErrorsView } from '../../../views/pages/errors.tsx'
import { errorShareOf, FAULTS, type Fault } from '../../insight/errors.ts'
import { clockOf, clockText, dayOf } from '../../lib/days.ts'
import { HOUR_MS } from '../../lib/units.ts'
import type { SessionLink } from '../../query/session-parameters.ts'
import type { ReportOf } from '../../report/reports.ts'
import { total } from '../../stats/counts.ts'
import { rateOf } from '../../stats/interval.ts'
import { flowPage } from '../flow-page.ts'
import { shortDay } from '../page-question.ts'
import type { ScreenNames } from '../screen-names.ts'

export const getErrorsPage = flowPage({ tab: '/errors', parameters: {} }, async (request) => {
  const { deps, account, question, frame, names, about, ask, sessions, time } = request
  const { resolution, points, total: sum, breakdown, spikes, incidentsSince } = await ask('errors', about)
  const view: ErrorsView = {
    frame,
    answered: sum.answered,
    categories: FAULTS.map((fault) => {
      const share = errorShareOf(sum, fault)
      return { name: NAMES[fault], meaning: MEANINGS[fault], rate: share && rateOf(share.errors, share.requests) }
    }),
    ...(incidentsSince !== undefined && { incidentsSince: deps.localTime.minute(incidentsSince).text }),
    spikes: spikes.map(({ sentence, from }) => {
      const day = dayOf(from, time.timezone)
      return { text: sentence, href: question.href({ period: undefined, from: day, until: day }) }
    }),
    timeline: timelineOf(points, resolution, time.timezone),
    breakdown: cardsOf(breakdown, names, sessions),
  }
  return <ErrorsPage account={account} view={view} />
})

type Point = ReportOf<'errors'>['points'][number]

/** Only what happened at all; each row by its own scale. */
function timelineOf(points: readonly Point[], resolution: 'hour' | 'day', timezone: string): SmallMultiplesView {
  const shares = FAULTS.map((fault) => ({ fault, shares: points.map((point) => errorShareOf(point, fault)) }))
  const seen = shares.filter((each) => each.shares.some((share) => share === undefined || share.errors > 0))
  return {
    id: 'timeline-chart',
    title: 'Errors by time',
    description: 'The share of requests with an error of each kind, for each hour or day.',
    isTitleHidden: true,
    slotName: resolution === 'hour' ? 'Hour' : 'Day',
    slots: points.map(({ from }) => slotText(from, resolution, timezone)),
    ...(resolution === 'hour' && { rhythm: hoursPerDay(points) }),
    series: (seen.length > 0 ? seen : shares.slice(0, 1)).map(({ fault, shares }) => ({
      label: NAMES[fault],
      isBad: true,
      text: total(shares.map((share) => share?.errors ?? 0)).toLocaleString('en'),
      bars: shares.map((share) =>
        share === undefined
          ? { value: null }
          : {
              value: share.requests === 0 ? 0 : share.errors / share.requests,
              text: `${share.errors} of ${share.requests}`,
              isFew: share.requests < FEW,
            },
      ),
    })),
  }
}

/** Midnight cuts an hour of UTC in two where clocks differ from it by half an hour. */
const hoursPerDay = (points: readonly Point[]): number => (points.some(({ from }) => from % HOUR_MS > 0) ? 25 : 24)

const slotText = (at: number, resolution: 'hour' | 'day', timezone: string): string => {
  const day = shortDay(dayOf(at, timezone))
  return resolution === 'day' ? day : `${day} ${clockText(clockOf(at, timezone))}`
}

const NAMES: { readonly [fault in Fault]: string } = {
  validation: 'Validation',
  client: 'Phone',
  upstream: 'Outside API',
  internal: 'Ours',
  decrypt_failed: 'Not decrypted',
  bad_signature: 'Bad signature',
  token_refused: 'Token refused',
  malformed: 'Malformed',
  too_large: 'Too large',
}

const MEANINGS: { readonly [fault in Fault]: string } = {
  validation: 'A field was refused.',
  client: 'The phone reported that it could not use our reply.',
  upstream: 'An outside API failed; the flow went on with a fallback or an older answer.',
  internal: 'We failed, or the config did.',
  decrypt_failed: 'None of our keys opens the request.',
  bad_signature: 'It was not signed with one of our app secrets.',
  token_refused: 'The flow does not take the token, or no longer.',
  malformed: 'It is no request of a flow.',
  too_large: 'It is larger than requests may be.',
}

/** Of requests that come from no screen. */
const OPENING = '(opening)'

function cardsOf(
  { validation, client, upstream, internal }: ReportOf<'errors'>['breakdown'],
  names: ScreenNames,
  sessions: (filter: SessionLink) => string,
): BreakdownCard[] {
  const row = (screen: string, cells: readonly string[], errors: number, filter: SessionLink) => ({
    screen: names(screen || OPENING),
    cells,
    errors,
    // Requests count, whenever they came.
    sessions: sessions({ ...(screen !== '' && { screen }), ...filter, throughout: 'true' }),
  })
  return [
    {
      id: 'validation',
      heading: 'Refused fields',
      note: 'what people typed was not accepted',
      columns: ['Screen', 'Field', 'Rule'],
      rows: validation.map(({ screen, field, rule, n }) => row(screen, [field, rule], n, { rule: `${field}/${rule}` })),
    },
    {
      id: 'client',
      heading: 'What phones reported',
      note: 'they could not use our reply',
      columns: ['Screen', 'Key'],
      rows: client.map(({ screen, key, n }) => row(screen, [key], n, { error: `client:${key}` })),
    },
    {
      id: 'upstream',
      heading: 'Outside APIs',
      note: 'theirs',
      columns: ['Screen', 'Source', 'Code'],
      rows: upstream.map(({ screen, source, code, n }) => row(screen, [source, code], n, { error: code })),
    },
    {
      id: 'internal',
      heading: 'Ours, or the config',
      note: 'look into the log',
      columns: ['Screen', 'Code', 'Field', 'Rule'],
      rows: internal.map(({ screen, code, field = '', rule = '', n }) =>
        row(screen, [code, field, rule], n, { error: code }),
      ),
    },
  ]
}
