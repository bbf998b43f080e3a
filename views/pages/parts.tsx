/** @jsxImportSource preact */
import type { FunctionComponent } from 'preact'
import { BarRows, type BarRowsView } from '../charts/bar-row.tsx'
import type { ChartText } from '../charts/chart-frame.tsx'
import { Distribution, type DistributionView } from '../charts/distribution.tsx'
import { LineChart, type LineView } from '../charts/line.tsx'
import { ScreenMap } from '../charts/screen-map/map.tsx'
import type { ScreenMapView } from '../charts/screen-map/view.ts'
import { SmallMultiples, type SmallMultiplesView } from '../charts/small-multiples.tsx'
import { Sparkline, type SparklineView } from '../charts/sparkline.tsx'
import { StackedBar, type StackedBarView } from '../charts/stacked-bar.tsx'
import { Layout, type PageProps } from '../layout.tsx'
import { Card } from '../parts/card.tsx'
import { Table } from '../parts/table.tsx'

export type PartsView = {
  readonly maps: readonly ScreenMapView[]
  readonly funnels: readonly BarRowsView[]
  readonly lines: readonly LineView[]
  readonly sparklines: readonly (SparklineView & { readonly name: string })[]
  readonly distributions: readonly DistributionView[]
  readonly multiples: readonly SmallMultiplesView[]
  readonly stackedBars: readonly StackedBarView[]
}

export function PartsPage({ account, view }: PageProps<PartsView>) {
  return (
    <Layout title="Parts" account={account}>
      <h1 class="page-heading">Parts</h1>
      <p class="page-lead">
        Every chart with ordinary, few, many and no data, with long names and names from right to left.
      </p>
      <Examples id="maps" title="Map of a flow" charts={view.maps} Chart={ScreenMap} />
      <Examples id="funnels" title="Funnel" charts={view.funnels} Chart={BarRows} />
      <Examples id="lines" title="Line" charts={view.lines} Chart={LineChart} />
      <Sparklines sparklines={view.sparklines} />
      <Examples id="distributions" title="Distribution" charts={view.distributions} Chart={Distribution} />
      <Examples id="multiples" title="Small multiples" charts={view.multiples} Chart={SmallMultiples} />
      <Examples id="stacked-bars" title="Stacked bar" charts={view.stackedBars} Chart={StackedBar} />
    </Layout>
  )
}

type ExamplesProps<View> = {
  readonly id: string
  readonly title: string
  readonly charts: readonly View[]
  readonly Chart: FunctionComponent<{ readonly chart: View }>
}

/** With a list of what there is, each entry a link to it. */
function Examples<View extends ChartText>({ id, title, charts, Chart }: ExamplesProps<View>) {
  return (
    <Card id={id} heading={title}>
      <ul class="chart-index">
        {charts.map((chart) => (
          <li>
            <a href={`#${chart.id}`}>{chart.title}</a>
          </li>
        ))}
      </ul>
      {charts.map((chart) => (
        <Chart chart={chart} />
      ))}
    </Card>
  )
}

const Sparklines = ({ sparklines }: Pick<PartsView, 'sparklines'>) => (
  <Card id="sparklines" heading="Sparkline">
    <Table
      caption="Sparklines"
      columns={['Flow', 'Completion, 28 days']}
      rows={sparklines.map(({ name, ...sparkline }) => [name, <Sparkline {...sparkline} />])}
    />
  </Card>
)
