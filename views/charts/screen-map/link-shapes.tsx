/** @jsxImportSource preact */
// The links of the map: ribbons forward, thin lines back.

import { area, curveBumpX } from 'd3-shape'
import { whole } from '../../numbers.ts'
import { MaybeLink } from '../marks.tsx'
import type { BackLink, Ribbon } from './model.ts'

type LinkProps = {
  readonly href: string | undefined
  /** Both screens. */
  readonly names: string
  /** A class. */
  readonly emphasis: string
}

const shapeOf = area<Ribbon['points'][number]>(
  ({ x }) => x,
  ({ top }) => top,
  ({ bottom }) => bottom,
).curve(curveBumpX)

/** The count stands at the beginning of a ribbon that is high enough for it. */
export function RibbonShape({ ribbon, href, names, emphasis }: LinkProps & { readonly ribbon: Ribbon }) {
  const { points, count } = ribbon
  const start = points[0] ?? { x: 0, top: 0, bottom: 0 }
  return (
    <g class={`map-ribbon ${emphasis}`.trim()}>
      <MaybeLink href={href} label={`${names}: ${whole(count)}`}>
        <path d={shapeOf(points) ?? ''} />
        {start.bottom - start.top >= 13 && (
          <text class="map-count" x={start.x + 22} y={(start.top + start.bottom) / 2} dy="0.33em">
            {whole(count)}
          </text>
        )}
      </MaybeLink>
    </g>
  )
}

export function BackLine({ link, href, names, emphasis }: LinkProps & { readonly link: BackLink }) {
  const { points, label, count } = link
  const [x, y] = points.at(-1) ?? [0, 0]
  return (
    <g class={`map-back ${emphasis}`.trim()}>
      <MaybeLink href={href} label={`back: ${names}: ${whole(count)}`}>
        <path class="map-back-track" d={roundedPath(points)} />
        <path class="map-back-head" d={`M${x} ${y}l-5 -3v6z`} />
        <text class="map-count" x={label.x} y={label.y} dy="0.33em" text-anchor="end">
          {whole(count)}
        </text>
      </MaybeLink>
    </g>
  )
}

/** A line through right angles, with round corners. */
function roundedPath(points: BackLink['points']): string {
  const [first, ...rest] = points
  if (!first) return ''
  return rest.reduce((path, corner, index) => {
    const before = points[index] as BackLink['points'][number]
    const after = rest[index + 1]
    if (!after) return `${path}L${corner}`
    return `${path}L${towards(corner, before)}Q${corner} ${towards(corner, after)}`
  }, `M${first}`)
}

/** A point near `corner` on the way to `end`. */
function towards([x, y]: BackLink['points'][number], [endX, endY]: BackLink['points'][number]): string {
  const length = Math.hypot(endX - x, endY - y) || 1
  const part = Math.min(RADIUS, length / 2) / length
  return `${x + (endX - x) * part},${y + (endY - y) * part}`
}

const RADIUS = 6
