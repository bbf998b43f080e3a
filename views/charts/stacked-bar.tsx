/** @jsxImportSource preact */
// What became of a whole: one bar, whose parts add up to it.

import { sum } from 'd3-array'
import { percent, shareOf, whole } from '../numbers.ts'
import { ChartFrame, type ChartText, Drawing } from './chart-frame.tsx'
import { Segments, Swatch, segmentsOf, type Tone } from './marks.tsx'

export type StackedBarView = ChartText & {
  /** What is counted, such as `visits`. */
  readonly unit: string
  /** Together they are the whole. */
  readonly parts: readonly StackedPart[]
}

export type StackedPart = {
  readonly label: string
  readonly count: number
  readonly tone: Tone
  readonly href?: string | undefined
}

const HEIGHT = 26

export function StackedBar({ chart }: { readonly chart: StackedBarView }) {
  const { parts, unit } = chart
  const total = sum(parts, ({ count }) => count)
  const shareText = (count: number) => (total === 0 ? '–' : percent(shareOf(count, total)))
  const segments = segmentsOf(
    parts.map((part) => ({ ...part, label: `${part.label}: ${whole(part.count)}, ${shareText(part.count)}` })),
    total,
  )
  return (
    <ChartFrame
      chart={chart}
      tables={[
        {
          columns: ['What became of them', unit, 'Share'],
          rows: [
            ...parts.map(({ label, count, href }) => [label, { text: count, href }, shareText(count)]),
            ['Together', total, total === 0 ? '–' : '100%'],
          ],
        },
      ]}
    >
      <Drawing
        chart={chart}
        class="stacked-bar"
        height={HEIGHT}
        hasLinks={segments.some(({ href }) => href !== undefined)}
      >
        <rect class="stacked-ground" width="100%" height={HEIGHT} />
        <Segments segments={segments} height={HEIGHT} />
      </Drawing>
      <ul class="stacked-parts chart-text list-unstyled">
        {parts.map(({ label, count, tone, href }) => (
          <li>
            <Swatch tone={tone} />
            <span>{label}</span>
            <span class="stacked-count">
              {href === undefined ? whole(count) : <a href={href}>{whole(count)}</a>}{' '}
              <span class="text-secondary">{shareText(count)}</span>
            </span>
          </li>
        ))}
      </ul>
    </ChartFrame>
  )
}
