import type { BarRow, BarRowsView } from '../../../views/charts/bar-row.tsx'
import type { LinePoint, LineView } from '../../../views/charts/line.tsx'
import type { SparklineView } from '../../../views/charts/sparkline.tsx'
import type { StackedBarView } from '../../../views/charts/stacked-bar.tsx'
import { whole } from '../../../views/numbers.ts'
import { ARABIC, createDice, HEBREW, LONG } from './names.ts'

type Step = readonly [label: string, reached: number, lost: number, open: number, completed?: number]

const steps = (rows: readonly Step[]): BarRow[] =>
  rows.map(([label, reached, lost, open, completed = 0], index) => {
    const wentOn = reached - lost - open - completed
    const decided = reached - open
    const share = decided === 0 ? 0 : (wentOn + completed) / decided
    const margin = decided === 0 ? 0 : 1.96 * Math.sqrt((share * (1 - share)) / decided)
    const href = `#step-${index + 1}`
    return {
      label: [{ screen: { id: label, name: label }, href }],
      ...{ wentOn, completed, open, lost },
      hrefs: { wentOn: href, lost: `${href}-lost`, open: `${href}-open`, completed: `${href}-completed` },
      ...(decided > 0 && { interval: { low: Math.max(0, share - margin), high: Math.min(1, share + margin) } }),
      ...(index > 0 &&
        reached > 0 && { previous: Math.min(1, (reached / (rows[0]?.[1] ?? 1)) * (0.93 + index * 0.05)) }),
      cells: [
        whole(reached),
        `${whole(wentOn + completed)} of ${whole(decided)}`,
        whole(lost),
        whole(open),
        decided === 0 ? '–' : `${18 * (index + 1)} s`,
      ],
    }
  })

const COLUMNS = ['reached', 'went on', 'lost', 'open', 'median time']

const bars = (id: string, title: string, rows: readonly Step[]): BarRowsView => ({
  id,
  title,
  description: `${title}: for each step how many reached it, went on, completed, are open or were lost.`,
  base: `${(rows[0]?.[1] ?? 0).toLocaleString('en')} sessions that reached the first step`,
  columns: COLUMNS,
  rows: steps(rows),
})

export const FUNNELS: readonly BarRowsView[] = [
  bars('funnel-ordinary', 'Four steps, compared with the 28 days before', [
    ['Choose a service', 1_204, 143, 0],
    ['Pick a date and time', 1_061, 226, 12],
    ['Your details', 823, 61, 3],
    ['Confirm', 759, 38, 0, 721],
  ]),
  bars('funnel-few', 'Few sessions', [
    ['Choose a service', 16, 4, 1],
    ['Pick a date and time', 11, 3, 2],
    ['Confirm', 6, 0, 1, 5],
  ]),
  bars('funnel-names', 'Long names, large numbers', [
    [LONG, 8_120_411, 1_204_118, 20_311],
    [ARABIC, 6_895_982, 402_119, 3_004],
    [HEBREW, 6_490_859, 12, 0, 6_490_847],
  ]),
  bars('funnel-none', 'Nobody yet', [
    ['Choose a service', 0, 0, 0],
    ['Confirm', 0, 0, 0],
  ]),
]

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dayOf = (index: number): string => DAY.format(Date.UTC(2026, 7, 31 + index))

function days(count: number, sizeOf: (index: number) => number, center = 0.64): LinePoint[] {
  const dice = createDice(count)
  return Array.from({ length: count }, (_, index) => {
    const n = Math.round(sizeOf(index))
    const share =
      n === 0 ? null : Math.min(1, Math.max(0, center + (index > count / 2 ? 0.07 : 0) + (dice() - 0.5) * 0.1))
    const margin = n === 0 ? 0 : 1.96 * Math.sqrt(0.2 / n)
    return {
      label: dayOf(index),
      share,
      low: Math.max(0, (share ?? 0) - margin),
      high: Math.min(1, (share ?? 1) + margin),
      n,
      isPartial: index === count - 1,
      href: `#day-${index}`,
    }
  })
}

const line = (id: string, title: string, points: readonly LinePoint[], more: Partial<LineView> = {}): LineView => ({
  id,
  title,
  note: 'Completed of decided sessions, by the day of their beginning. Europe/Berlin. Today is not over.',
  description: `${title}: the share of decided sessions that completed, by day, with its 95% interval.`,
  unit: 'decided sessions',
  points,
  ...more,
})

export const LINES: readonly LineView[] = [
  line(
    'line-ordinary',
    'Completion, 28 days',
    days(28, (index) => 90 + ((index * 37) % 60)),
    {
      marks: [
        { index: 13, text: 'Version 4: the date is asked after the details', href: '#version-4' },
        { index: 15, text: 'Price list changed' },
        { index: 15, text: LONG },
      ],
    },
  ),
  line(
    'line-gaps',
    'Few sessions, and days without any',
    days(28, (index) => (index % 6 > 3 ? 0 : 8 + index * 1.5)),
  ),
  line(
    'line-quarter',
    'Completion, 91 days, on the full scale',
    days(91, () => 2_000_000),
    {
      isFullScale: true,
      marks: [14, 15, 16, 17, 40, 41].map((index, version) => ({ index, text: `Version ${version + 2}` })),
    },
  ),
  line(
    'line-small',
    'A small share',
    days(14, () => 40_000, 0.05).map((day) => ({ ...day, isPartial: false })),
  ),
  line(
    'line-one',
    'One day',
    days(1, () => 51),
  ),
  line(
    'line-none',
    'Nothing decided yet',
    days(7, () => 0),
  ),
]

const wave = (count: number, height: number) =>
  Array.from({ length: count }, (_, index) => height * (0.6 + 0.2 * Math.sin(index / 2) + 0.008 * index))

export const SPARKLINES: readonly (SparklineView & { readonly name: string })[] = [
  { name: 'Repair booking', points: wave(28, 0.8), text: 'Completion, 28 days: from 48% to 66%', isLastPartial: true },
  { name: ARABIC, points: wave(28, 0.8).map((point, index) => (index % 9 === 4 ? null : point)), text: 'With gaps' },
  { name: LONG, points: wave(28, 0.2), text: 'Few sessions', isFew: true },
  { name: 'Always the same', points: Array.from({ length: 28 }, () => 0), text: 'Always 0%' },
  { name: 'Nothing', points: Array.from({ length: 28 }, () => null), text: 'Nothing known' },
]

const stacked = (
  id: string,
  title: string,
  counts: readonly number[],
  labels: readonly string[] = PARTS.map(([label]) => label),
): StackedBarView => ({
  id,
  title,
  description: `${title}: every visit by how it ended.`,
  unit: 'visits',
  parts: PARTS.map(([, tone], index) => ({
    label: labels[index] ?? '',
    count: counts[index] ?? 0,
    tone,
    href: `#${id}-${tone}`,
  })),
})

const PARTS = [
  ['submitted', 'went-on'],
  ['went back', 'returned'],
  ['opened again', 'other'],
  ['moved elsewhere', 'elsewhere'],
  ['still open', 'open'],
  ['nothing more', 'lost'],
] as const

export const STACKED_BARS: readonly StackedBarView[] = [
  stacked('stacked-ordinary', 'How visits to this screen ended', [812, 96, 31, 44, 12, 226]),
  stacked('stacked-few', 'Few visits', [3, 0, 1, 0, 1, 2]),
  stacked(
    'stacked-names',
    'Long names, large numbers',
    [8_120_411, 96, 1_204_118, 44, 0, 3_002_115],
    [LONG, 'went back', ARABIC, HEBREW, 'still open', 'nothing more'],
  ),
  stacked('stacked-none', 'No visits', []),
]
