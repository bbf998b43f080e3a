// Which labels fit below a chart.

/** A label below the chart. */
export type Tick = {
  readonly label: string
  /** Where its middle is, as a share of the width. */
  readonly place: number
  /** There is no room for it on a phone. */
  readonly isWideOnly: boolean
}

type Labels = {
  readonly labels: readonly string[]
  /** Into how many slots of the same width the chart is divided. */
  readonly slots: number
  /** Labels stand below the middle of their slots, or below the edges, where each slot begins. */
  readonly below: 'slots' | 'edges'
  /** Where not every label fits, labels stand at multiples of this, such as 7 days. */
  readonly rhythm?: number | undefined
}

/** As many labels as fit, at regular distances, beginning with the first. On a phone some of these. */
export function ticksOf({ labels, slots, below, rhythm = 1 }: Labels): Tick[] {
  const width = Math.max(0, ...labels.map(widthOf))
  const leastStep = (plot: number) => Math.ceil((slots * (width + GAP)) / plot)
  const step = stepAbove(leastStep(WIDE), rhythm)
  const narrowStep = step * Math.ceil(leastStep(NARROW) / step)
  return labels.flatMap((label, index) => {
    const place = (index + (below === 'slots' ? 0.5 : 0)) / slots
    const fits = (plot: number) => (1 - place) * plot + MARGIN >= widthOf(label) / 2
    if (index % step !== 0 || !fits(WIDE)) return []
    return { label, place, isWideOnly: index % narrowStep !== 0 || !fits(NARROW) }
  })
}

/** Pixels that a label takes in its small type, at most. */
export const widthOf = (label: string): number => label.length * 6.5

/** The least widths of the plot, pixels, on a phone and on anything wider. */
export const NARROW = 270
export const WIDE = 560

/** Between two labels, and what a label may stand out on the right; pixels. */
const GAP = 10
export const MARGIN = 20

/** One, or a multiple of the rhythm. */
const stepAbove = (least: number, rhythm: number): number => (least <= 1 ? 1 : rhythm * Math.ceil(least / rhythm))
