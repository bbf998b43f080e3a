import type { DistributionView } from '../../../views/charts/distribution.tsx'
import type { Series, SmallMultiplesView } from '../../../views/charts/small-multiples.tsx'
import { ARABIC, createDice, LONG } from './names.ts'

const EDGES = [0, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800]
const secondsText = (seconds: number) => (seconds < 120 ? `${seconds} s` : `${seconds / 60} min`)

const distribution = (id: string, title: string, counts: readonly number[]): DistributionView => ({
  id,
  title,
  description: `${title}: how many visits took how long, from under 2 seconds to half an hour and more.`,
  unit: 'visits',
  bins: EDGES.map((from, index) => ({
    from,
    to: EDGES[index + 1] ?? null,
    count: counts[index] ?? 0,
    fromText: secondsText(from),
    href: `#${id}-${from}`,
  })),
  marks: [
    { label: 'p50', at: 24, text: '24 s' },
    { label: 'p90', at: 200, text: '3 min 20 s' },
  ],
})

export const DISTRIBUTIONS: readonly DistributionView[] = [
  distribution(
    'distribution-ordinary',
    'How long people had this screen',
    [3, 12, 61, 143, 226, 312, 190, 97, 31, 8, 4],
  ),
  distribution('distribution-few', 'Few visits', [0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 1]),
  distribution(
    'distribution-large',
    LONG,
    EDGES.map((_, index) => 1_000_000 * (index + 1)),
  ),
  { ...distribution('distribution-none', 'No visits', []), marks: [] },
]

const HOURS = Array.from({ length: 72 }, (_, index) => `${String(index % 24).padStart(2, '0')}:00`)

function series(label: string, height: number, unknown: readonly number[] = []): Series {
  const dice = createDice(label.length + height)
  const bars = HOURS.map((_, index) => {
    const value = unknown.includes(index) ? null : Math.floor(dice() ** 4 * height + (index === 50 ? height : 0))
    return { value, href: `#hour-${index}`, isFew: index % 24 < 5 }
  })
  return {
    label,
    text: `${bars.reduce((sum, { value }) => sum + (value ?? 0), 0).toLocaleString('en')}`,
    bars,
    href: '#series',
  }
}

const limits = [
  { value: 1_000, label: '1 s' },
  { value: 5_000, label: '5 s' },
]

export const SMALL_MULTIPLES: readonly SmallMultiplesView[] = [
  {
    id: 'multiples-errors',
    title: 'Errors by hour',
    note: 'Each row up to its own largest hour. Three hours are not known: the server was down.',
    description: 'Errors by hour over three days, a row for each kind.',
    slotName: 'Hour',
    rhythm: 6,
    slots: HOURS,
    series: [
      { ...series('Refused fields', 40, [30, 31, 32]), isBad: true },
      { ...series('Outside API too slow', 9, [30, 31, 32]), isBad: true },
      series(LONG, 4_000_000, [30, 31, 32]),
      series(ARABIC, 2, [30, 31, 32]),
      series('Never', 0, [30, 31, 32]),
    ],
  },
  {
    id: 'multiples-latency',
    title: 'p90 of the answer by hour',
    description: 'The 90th percentile of the time to answer, by hour over three days, on one scale.',
    slotName: 'Hour',
    rhythm: 6,
    slots: HOURS,
    hasSharedScale: true,
    series: [
      { ...series('repair-booking', 4_200), limits },
      { ...series('loan', 900), limits },
    ],
  },
]
