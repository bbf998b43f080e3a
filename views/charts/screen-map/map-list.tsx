/** @jsxImportSource preact */
// The map on a phone: a list of its screens.

import { descending, max } from 'd3-array'
import { whole } from '../../numbers.ts'
import { PARTS } from '../bar-row.tsx'
import { Segments, segmentsOf } from '../marks.tsx'
import { endingsOf } from './texts.ts'
import type { MapLinkView, MapScreenView } from './view.ts'

type MapListProps = {
  readonly screens: readonly MapScreenView[]
  readonly links: readonly MapLinkView[]
  readonly titleOf: (id: string) => string
}

export function MapList({ screens, links, titleOf }: MapListProps) {
  const most = max(screens, ({ visits }) => visits) ?? 0
  return (
    <ol class="map-list list-unstyled m-0">
      {screens.map((screen) => {
        const next = links
          .filter(({ from, to, count }) => from === screen.id && to !== screen.id && count > 0)
          .sort((a, b) => descending(a.count, b.count))
        return (
          <li>
            <div class="map-list-head">
              {screen.href === undefined ? <b>{screen.title}</b> : <a href={screen.href}>{screen.title}</a>}
              <span>{`${whole(screen.visits)} visits`}</span>
            </div>
            <ScreenBar screen={screen} most={most} />
            <p>{endingText(screen)}</p>
            {next.length > 0 && (
              <p class="chart-text">
                then:{' '}
                {next.map(({ to, count, href }, index) => (
                  <>
                    {index > 0 && ', '}
                    <bdi>{titleOf(to)}</bdi> {href === undefined ? whole(count) : <a href={href}>{whole(count)}</a>}
                  </>
                ))}
              </p>
            )}
          </li>
        )
      })}
    </ol>
  )
}

const endingText = (screen: MapScreenView): string =>
  [
    ...(screen.people === undefined ? [] : [`${whole(screen.people)} here now`]),
    ...endingsOf(screen).map(({ text }) => text),
    ...(screen.loops > 0 ? [`↻ ${whole(screen.loops)} times again at once`] : []),
  ].join(' · ')

type ScreenBarProps = { readonly screen: MapScreenView; readonly most: number }

/** The text below it has the same numbers. */
function ScreenBar({ screen, most }: ScreenBarProps) {
  const { visits, completed, open, lost } = screen
  const counts = { wentOn: Math.max(0, visits - completed - open - lost), completed, open, lost }
  const segments = segmentsOf(
    PARTS.map(({ part, ...look }) => ({ ...look, count: counts[part] })),
    most,
  )
  return (
    <svg class="drawing" width="100%" height="10" aria-hidden="true" focusable="false">
      <Segments segments={segments} height={10} />
    </svg>
  )
}
