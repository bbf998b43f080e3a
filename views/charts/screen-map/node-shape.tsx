/** @jsxImportSource preact */
// A screen on the map: its bar, its name and number above, its endings below.

import { FEW, shareOf, whole } from '../../numbers.ts'
import { MaybeLink, toned } from '../marks.tsx'
import { type MapNode, type MapScreen, SIZE } from './model.ts'
import { endingsOf, shorten } from './texts.ts'
import type { MapScreenView } from './view.ts'

type NodeShapeProps = {
  readonly node: MapNode
  readonly view: MapScreenView
  readonly isFocus: boolean
}

export function NodeShape({ node, view, isFocus }: NodeShapeProps) {
  const { x, y, height, room, entries, loops } = node
  const { title, visits, href, hrefs = {}, people } = view
  const name = shorten(title, room)
  return (
    <g class={isFocus ? 'map-node is-focus' : 'map-node'}>
      {entries.height > 0 && (
        <g>
          <title>{`${whole(view.entries)} began here`}</title>
          <rect class="map-entries" x={x - 12} y={entries.y} width="12" height={entries.height} />
        </g>
      )}
      <MaybeLink href={href} label={summaryOf(view, loops)}>
        <rect class={`map-bar ${lossClassOf(view)}`} x={x} y={y} width={SIZE.bar} height={height} rx="2" />
        <text class="map-name" x={x} y={y - 21}>
          {name !== title && <title>{title}</title>}
          {name}
        </text>
        <text class="map-number" x={x} y={y - 7}>
          {whole(visits)}
          {loops > 0 && <tspan class="map-loops" dx="8">{`↻ ${whole(loops)}`}</tspan>}
        </text>
        {people !== undefined && <People x={x} y={y - 36} people={people} />}
      </MaybeLink>
      {endingsOf(view).map(({ ending, text }, line) => (
        <MaybeLink href={hrefs[ending]} label={`${title}: ${text}`}>
          <rect
            {...toned(ending)}
            x={x + SIZE.bar}
            y={node[ending].y}
            width={STUB}
            height={Math.max(1.5, node[ending].height)}
          />
          <text class={`map-ending map-ending-${ending}`} x={x} y={y + height + 12 + line * SIZE.ending}>
            {text}
          </text>
        </MaybeLink>
      ))}
    </g>
  )
}

const STUB = 16

type PeopleProps = { readonly x: number; readonly y: number; readonly people: number }

const People = ({ x, y, people }: PeopleProps) => {
  const text = `${whole(people)} here now`
  return (
    <g class={people === 0 ? 'map-people is-nobody' : 'map-people'}>
      <rect x={x} y={y - 11} width={text.length * 6 + 12} height="15" rx="7.5" />
      <text x={x + 6} y={y}>
        {text}
      </text>
    </g>
  )
}

/** The darker, the larger the share that was lost. The share stands below the bar, too. */
function lossClassOf({ visits, open, lost }: MapScreen): string {
  if (visits - open < FEW) return 'is-few'
  const share = shareOf(lost, visits)
  return `loss-${LOSS_STEPS.filter((step) => share >= step).length}`
}

const LOSS_STEPS = [0.05, 0.15, 0.3, 0.5]

function summaryOf(view: MapScreenView, loops: number): string {
  const { title, visits, entries, people } = view
  const parts = [
    `${whole(visits)} visits`,
    entries > 0 && `${whole(entries)} began here`,
    loops > 0 && `${whole(loops)} times again at once`,
    ...endingsOf(view).map(({ text }) => text),
    people !== undefined && `${whole(people)} here now`,
  ]
  return `${title}: ${parts.filter((part) => part !== false).join(', ')}`
}
