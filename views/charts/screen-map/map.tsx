/** @jsxImportSource preact */
// The map of a flow: its screens from left to right, ribbons as wide as the people between them, losses where they happened.

import { percent, shareOf } from '../../numbers.ts'
import { ChartFrame, type ChartTable, Drawing } from '../chart-frame.tsx'
import { LEGEND_OF_ENDINGS, Legend } from '../marks.tsx'
import { Scroll } from '../scroll.tsx'
import { layoutMap } from './layout.ts'
import { BackLine, RibbonShape } from './link-shapes.tsx'
import { MapList } from './map-list.tsx'
import type { MapLink } from './model.ts'
import { NodeShape } from './node-shape.tsx'
import type { MapScreenView, ScreenMapView } from './view.ts'

export function ScreenMap({ chart }: { readonly chart: ScreenMapView }) {
  const { screens, links, focus } = chart
  const hasPeople = screens.some(({ people }) => people !== undefined)
  const layout = layoutMap(chart, hasPeople ? 18 : 0)
  const views = new Map(screens.map((screen) => [screen.id, screen]))
  const nodes = layout.nodes.map((node) => ({ node, view: views.get(node.screen.id) ?? node.screen }))
  const inOrder = { ...chart, screens: nodes.map(({ view }) => view) }
  const titleOf = (id: string) => views.get(id)?.title ?? id
  const addresses = new Map(links.map(({ from, to, href }) => [JSON.stringify([from, to]), href]))
  const drawn = ({ from, to }: MapLink) => ({
    href: addresses.get(JSON.stringify([from, to])),
    names: `${titleOf(from)} → ${titleOf(to)}`,
    emphasis: focus === undefined ? '' : from === focus || to === focus ? 'is-emphasised' : 'is-muted',
  })
  return (
    <ChartFrame chart={chart} tables={tablesOf(inOrder, titleOf)}>
      <Scroll class="chart-scroll map-scroll" label={chart.title}>
        <Drawing
          chart={chart}
          class="map-drawing"
          width={layout.width}
          height={layout.height}
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          hasLinks={[...screens, ...links].some(hasAddress)}
        >
          {layout.ribbons.map((ribbon) => (
            <RibbonShape ribbon={ribbon} {...drawn(ribbon)} />
          ))}
          {layout.backLinks.map((link) => (
            <BackLine link={link} {...drawn(link)} />
          ))}
          {nodes.map(({ node, view }) => (
            <NodeShape node={node} view={view} isFocus={view.id === focus} />
          ))}
        </Drawing>
      </Scroll>
      <MapList screens={inOrder.screens} links={links} titleOf={titleOf} />
      <Legend items={LEGEND_OF_ENDINGS.slice(1)} />
      <p class="chart-note map-key">
        The redder a bar, the larger the share that was lost; grey: too few visits to tell.
      </p>
    </ChartFrame>
  )
}

const hasAddress = ({ href, hrefs = {} }: Pick<MapScreenView, 'href' | 'hrefs'>): boolean =>
  [href, ...Object.values(hrefs)].some((address) => address !== undefined)

function tablesOf({ screens, links }: ScreenMapView, titleOf: (id: string) => string): ChartTable[] {
  const hasPeople = screens.some(({ people }) => people !== undefined)
  return [
    {
      caption: 'Screens',
      columns: [
        ...['Screen', 'Visits', 'Began here', 'Again at once', 'Completed', 'Open', 'Lost', 'Lost of visits'],
        ...(hasPeople ? ['Here now'] : []),
      ],
      rows: screens.map(({ title, href, hrefs = {}, people = 0, ...screen }) => [
        { text: title, href },
        screen.visits,
        screen.entries,
        screen.loops,
        { text: screen.completed, href: hrefs.completed },
        { text: screen.open, href: hrefs.open },
        { text: screen.lost, href: hrefs.lost },
        percent(shareOf(screen.lost, screen.visits)),
        ...(hasPeople ? [people] : []),
      ]),
    },
    {
      caption: 'From screen to screen',
      columns: ['From', 'To', 'Visits'],
      names: 2,
      rows: links.map(({ from, to, count, href }) => [titleOf(from), titleOf(to), { text: count, href }]),
    },
  ]
}
