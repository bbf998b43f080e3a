/** @jsxImportSource preact */
// What the pages about one flow have in common: its name, the other pages about it, the period, the filters in force.

import type { ComponentChildren } from 'preact'
import { Layout, type PageAccount } from '../layout.tsx'
import { Chips, type ChipView } from './chips.tsx'
import { Icon } from './icons.tsx'
import { PeriodBar, type PeriodBarView } from './period-bar.tsx'
import { RemovedNumbers } from './removed.tsx'
import type { LocalTime } from './time.tsx'

export type FlowFrameView = {
  readonly flow: string
  readonly tabs: readonly { readonly label: string; readonly href: string; readonly isCurrent: boolean }[]
  readonly bar?: PeriodBarView
  readonly chips: readonly ChipView[]
  /** The numbers of the period from before that are not there any more. */
  readonly removedBefore?: LocalTime
}

type FlowFrameProps = {
  readonly account: PageAccount
  /** The title of the page, if it is not that of the flow itself. */
  readonly title?: string
  /** Stands behind it. */
  readonly detail?: ComponentChildren
  readonly frame: FlowFrameView
  readonly children: ComponentChildren
}

export function FlowFrame({ account, title, detail, frame, children }: FlowFrameProps) {
  const { flow, tabs, bar, chips, removedBefore } = frame
  return (
    <Layout title={title === undefined ? flow : `${title} · ${flow}`} account={account} area="overview">
      <nav aria-label="Way back">
        <a class="back-link" href="/admin">
          <Icon name="left" />
          Overview
        </a>
      </nav>
      <h1 class="page-heading">
        {flow}
        {title !== undefined && <span class="text-secondary">{title}</span>}
        {detail}
      </h1>
      <nav class="tabs" aria-label={`Pages about ${flow}`}>
        {tabs.map(({ label, href, isCurrent }) => (
          <a href={href} {...(isCurrent && { 'aria-current': 'page' })}>
            {label}
          </a>
        ))}
      </nav>
      {bar && <PeriodBar bar={bar} />}
      <Chips chips={chips} />
      <RemovedNumbers before={removedBefore} />
      {children}
    </Layout>
  )
}
