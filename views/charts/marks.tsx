/** @jsxImportSource preact */
// How parts of a whole are told apart without colours: solid, outlined, dotted, hatched.

import type { ComponentChildren } from 'preact'
import { along } from '../numbers.ts'

/** `elsewhere` and `other` are for parts that are none of the endings. */
export type Tone = 'went-on' | 'completed' | 'open' | 'lost' | 'returned' | 'elsewhere' | 'other'

/** Tones that are drawn with a pattern of `ChartPatterns`. The others have a colour of their own. */
const PATTERNED: ReadonlySet<string> = new Set(['open', 'lost', 'returned', 'unknown'] satisfies (Tone | 'unknown')[])

/** For any SVG shape. The fill is an attribute because not every browser resolves `url(#…)` of a style sheet in the page. */
export const toned = (tone: Tone | 'unknown') => ({
  class: `tone tone-${tone}`,
  ...(PATTERNED.has(tone) && { fill: `url(#pattern-${tone})` }),
})

/** The patterns of all charts of a page; the layout has them once. */
export function ChartPatterns() {
  return (
    <svg class="chart-patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <Pattern tone="lost" size={5} turned={45}>
          <path class="pattern-line" d="M0 0V5" />
        </Pattern>
        <Pattern tone="open" size={4}>
          <circle class="pattern-dot" cx="2" cy="2" r="0.9" />
        </Pattern>
        <Pattern tone="returned" size={4}>
          <path class="pattern-line" d="M2 0V4" />
        </Pattern>
        <Pattern tone="unknown" size={6} turned={-45}>
          <path class="pattern-line" d="M0 0V6" />
        </Pattern>
      </defs>
    </svg>
  )
}

type PatternProps = {
  readonly tone: string
  /** Of the square that repeats, pixels. */
  readonly size: number
  /** Degrees. */
  readonly turned?: number
  readonly children: ComponentChildren
}

const Pattern = ({ tone, size, turned = 0, children }: PatternProps) => (
  <pattern
    id={`pattern-${tone}`}
    class={`pattern pattern-${tone}`}
    width={size}
    height={size}
    patternUnits="userSpaceOnUse"
    patternTransform={`rotate(${turned})`}
  >
    <rect class="pattern-ground" width={size} height={size} />
    {children}
  </pattern>
)

/** A part of a bar, from `start` on, both as shares of the width. */
export type Segment = {
  readonly tone: Tone
  readonly start: number
  readonly width: number
  readonly label: string
  readonly href?: string | undefined
}

/** The parts of a bar one after another, each as wide as its share of `whole`. Parts of nothing are left out. */
export function segmentsOf(
  parts: readonly (Omit<Segment, 'start' | 'width'> & { readonly count: number })[],
  whole: number,
): Segment[] {
  let before = 0
  return parts
    .filter(({ count }) => count > 0)
    .map(({ count, ...part }) => {
      const start = before / whole
      before += count
      return { ...part, start, width: count / whole }
    })
}

type SegmentsProps = { readonly segments: readonly Segment[]; readonly y?: number; readonly height: number }

/** Half a pixel is kept free on top and at the bottom for the outline. */
export const Segments = ({ segments, y = 0, height }: SegmentsProps) => (
  <>
    {segments.map(({ tone, start, width, label, href }) => (
      <MaybeLink href={href} label={label}>
        <rect {...toned(tone)} x={along(start)} width={along(width)} y={y + 0.5} height={height - 1} />
      </MaybeLink>
    ))}
  </>
)

type MaybeLinkProps = {
  readonly href?: string | undefined
  readonly label: string
  readonly children: ComponentChildren
}

/** A mark in an SVG that says what it is when pointed at, and leads to its sessions where there is an address. */
export const MaybeLink = ({ href, label, children }: MaybeLinkProps) =>
  href === undefined ? (
    <g>
      <title>{label}</title>
      {children}
    </g>
  ) : (
    <a class="chart-link" href={href}>
      <title>{label}</title>
      {children}
    </a>
  )

/** The sample of a tone in a legend. */
export const Swatch = ({ tone }: { readonly tone: Tone | 'unknown' }) => (
  <svg class="swatch" width="14" height="12" aria-hidden="true" focusable="false">
    <rect {...toned(tone)} x="0.5" y="0.5" width="13" height="11" />
  </svg>
)

export const LEGEND_OF_ENDINGS = [
  { tone: 'went-on', label: 'went on' },
  { tone: 'completed', label: 'completed' },
  { tone: 'open', label: 'open: may still come back' },
  { tone: 'lost', label: 'lost' },
] as const

type LegendProps = {
  readonly items: readonly { readonly tone: Tone | 'unknown'; readonly label: string }[]
  /** More entries. */
  readonly children?: ComponentChildren
}

export const Legend = ({ items, children }: LegendProps) => (
  <ul class="chart-legend list-unstyled">
    {items.map(({ tone, label }) => (
      <li>
        <Swatch tone={tone} />
        {label}
      </li>
    ))}
    {children}
  </ul>
)
