/** @jsxImportSource preact */
// The frame of every page: head, navigation, content.

import type { ComponentChildren } from 'preact'
import { ChartPatterns } from './charts/marks.tsx'
import { Icon } from './parts/icons.tsx'
import { KeysHelp } from './parts/keys-help.tsx'

type Area = keyof typeof AREAS

/** Who is logged in, and how they want pages to be. */
export type PageAccount = {
  readonly name: string
  /** As the system says, if absent. */
  readonly theme?: 'light' | 'dark'
  readonly hasKeys: boolean
}

/** What each page for a logged-in account gets. */
export type PageProps<View> = { readonly account: PageAccount; readonly view: View }

type LayoutProps = {
  readonly title: string
  /** Without it the page has no navigation. */
  readonly account?: PageAccount
  readonly area?: Area
  /** What the page shows changes by the second: without script, it is loaded anew. */
  readonly isLive?: true
  readonly children: ComponentChildren
}

export function Layout({ title, account, area, isLive, children }: LayoutProps) {
  return (
    <html lang="en" {...(account?.theme && { 'data-theme': account.theme })}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="htmx-config" content={HTMX_CONFIG} />
        {isLive && (
          <noscript>
            <meta http-equiv="refresh" content="10" />
          </noscript>
        )}
        <title>{`${title} · Screentrail`}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/vendor/tabler.min.css" />
        {STYLES.map((name) => (
          <link rel="stylesheet" href={`/assets/css/${name}.css`} />
        ))}
        <script src="/assets/vendor/htmx.min.js" defer />
        <script src="/assets/js/live.js" defer />
        <script src="/assets/js/keys.js" defer />
      </head>
      <body hx-boost:inherited="true" data-keys={account?.hasKeys ? 'on' : 'off'}>
        <ChartPatterns />
        <a class="skip-link" href="#content">
          Skip to content
        </a>
        {account && <Navigation account={account.name} area={area} />}
        {account?.hasKeys && <KeysHelp />}
        <main id="content" class={account === undefined ? 'auth-page' : 'container-xl py-3'}>
          {children}
        </main>
      </body>
    </html>
  )
}

/** In this order: what comes later adds to what comes before. */
const STYLES = [
  ...['base', 'parts', 'numbers', 'tables', 'question', 'session', 'phone'],
  ...['charts', 'flow-charts', 'pages', 'print'],
] as const

const HTMX_CONFIG = JSON.stringify({ defaultTimeout: 20_000, includeIndicatorCSS: false })

/** Each has an icon of its name. */
const AREAS = {
  overview: { label: 'Overview', href: '/admin' },
  sessions: { label: 'Sessions', href: '/admin/sessions' },
  live: { label: 'Live', href: '/admin/live' },
  incidents: { label: 'Incidents', href: '/admin/incidents' },
  data: { label: 'Data', href: '/admin/data' },
  health: { label: 'Health', href: '/admin/health' },
} as const

type NavigationProps = { readonly account: string; readonly area: Area | undefined }

function Navigation({ account, area }: NavigationProps) {
  return (
    <header class="topbar">
      <div class="container-xl topbar-row">
        <a class="brand" href="/admin">
          <img src="/assets/icon.svg" width="24" height="24" alt="" />
          <span>Screentrail</span>
        </a>
        <nav class="main-nav" aria-label="Areas">
          {(Object.keys(AREAS) as Area[]).map((name) => (
            <a
              href={AREAS[name].href}
              class="main-nav-link"
              data-key={name[0]}
              {...(name === area && { 'aria-current': 'page' })}
            >
              <Icon name={name} />
              <span>{AREAS[name].label}</span>
            </a>
          ))}
        </nav>
        <form class="account-menu" method="post" action="/admin/logout">
          <a class="account-name text-secondary" href="/admin/account" title={`Logged in as ${account}`}>
            {account}
          </a>
          <button class="btn btn-icon btn-ghost-secondary" type="submit" title="Log out" aria-label="Log out">
            <Icon name="logout" />
          </button>
        </form>
      </div>
    </header>
  )
}
