import { showDuration } from '../lib/units.ts'
import type { RunReport } from './run.ts'
import type { Findings, RunTotals } from './run-counts.ts'

/** Whether there are no findings; `allowsUnreachable`: other than people who could not reach the endpoint. */
export const isClean = ({ wrong, unreachable, stuck, faults }: RunReport, allowsUnreachable: boolean): boolean =>
  wrong.count === 0 && stuck.count === 0 && !faults?.count && (allowsUnreachable || unreachable.count === 0)

export function showReport(report: RunReport): string {
  const { sessions, requests, statuses, durationMs, requestsPerSecond, seed } = report
  const rows = [
    ['people', counts(sessions)],
    ['requests', counts(requests)],
    ...(Object.keys(statuses).length > 0 ? answerRows(report) : [['status', 'no answers']]),
    ['took', `${showDuration(durationMs)}, ${requestsPerSecond} answers a second`],
    ['seed', seed],
  ]
  const table = rows.map(([name = '', value = '']) => `${name.padEnd(13)}${value}\n`).join('')
  return (
    table +
    showFindings(report) +
    (report.faults ? listFindings(report.faults, 'fault of the flow', 'faults of the flow') : '')
  )
}

/** Empty when there are none. */
export const showFindings = ({ wrong, unreachable, stuck }: Pick<RunTotals, 'wrong' | 'unreachable' | 'stuck'>) =>
  [
    listFindings(wrong, 'wrong answer'),
    listFindings(unreachable, 'request without an answer', 'requests without an answer'),
    listFindings(stuck, 'person who did not know what to enter', 'people who did not know what to enter'),
  ].join('')

const answerRows = ({ statuses, latencyMs }: RunReport) => [
  ['status', counts(statuses)],
  ['answered in', listed(Object.entries(latencyMs).map(([name, ms]) => `${name} ${showDuration(ms)}`))],
]

function listFindings({ count, first }: Findings, one: string, many = `${one}s`): string {
  if (count === 0) return ''
  const title =
    first.length < count ? `${count} ${many}, the first ${first.length}` : `${count} ${count === 1 ? one : many}`
  return `\n${title}:\n${first.map((sentence) => `  - ${sentence}\n`).join('')}`
}

const counts = (numbers: { readonly [name: string]: number }): string =>
  listed(
    Object.entries(numbers)
      .filter(([name, count]) => count > 0 || name === 'completed')
      .map(([name, count]) => `${name.replace('_', ' ')} ${count}`),
  )

const listed = (items: readonly string[]): string => items.join(' · ')
