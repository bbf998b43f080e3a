/** @jsxImportSource preact */
// A month in the space of a word.

import { max } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'

export type SparklineView = {
  /** Oldest first; null where nothing is known. */
  readonly points: readonly (number | null)[]
  /** What the line shows, in words: `Completion, 28 days: from 61% to 68%`. */
  readonly text: string
  /** The last day is not over. */
  readonly isLastPartial?: boolean
  /** So few sessions that the line says little. */
  readonly isFew?: boolean
}

const WIDTH = 112
const HEIGHT = 24

export function Sparkline({ points, text, isLastPartial, isFew }: SparklineView) {
  const x = scaleLinear([0, Math.max(1, points.length - 1)], [3, WIDTH - 3])
  const y = scaleLinear([0, max(points, (point) => point ?? 0) || 1], [HEIGHT - 3, 3])
  const places = points.map((point, index) => ({ point, x: x(index), y: y(point ?? 0) }))
  const draw = line<(typeof places)[number]>(
    (place) => place.x,
    (place) => place.y,
  ).defined(({ point }) => point !== null)
  const finished = isLastPartial ? places.slice(0, -1) : places
  const last = places.findLast(({ point }) => point !== null)
  return (
    <svg class={isFew ? 'spark is-few' : 'spark'} width={WIDTH} height={HEIGHT} role="img" aria-label={text}>
      <title>{text}</title>
      <path class="curve" d={draw(finished) ?? ''} />
      {isLastPartial && <path class="curve curve-unfinished" d={draw(places.slice(-2)) ?? ''} />}
      {last && <circle class={isLastPartial ? 'curve-dot is-partial' : 'curve-dot'} cx={last.x} cy={last.y} r="2" />}
    </svg>
  )
}
