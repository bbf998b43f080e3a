/** @jsxImportSource preact */
/** The URL of a flow's data endpoint, to enter at Meta. */
export type FlowEndpoint = { readonly flow: string; readonly url: string }

/** Why a page about a flow has nothing to show. */
export type NobodyView =
  | { readonly why: 'never'; readonly endpoint: string }
  /** `last`: days that have sessions, if there are others. */
  | { readonly why: 'period'; readonly last?: { readonly days: string; readonly href: string } }
  | { readonly why: 'filters'; readonly filters: string; readonly clear: string }

/** In place of the cards of a page. */
export const NobodyCard = ({ nobody }: { readonly nobody: NobodyView }) => (
  <section class="card" aria-label="No sessions">
    <Nobody nobody={nobody} />
  </section>
)

function Nobody({ nobody }: { readonly nobody: NobodyView }) {
  switch (nobody.why) {
    case 'never':
      return (
        <div class="no-rows">
          <h2>Nobody has opened this flow yet</h2>
          <p class="text-secondary">In the flow's endpoint settings at Meta, enter its address and publish:</p>
          <code class="endpoint">{nobody.endpoint}</code>
        </div>
      )
    case 'period':
      return (
        <div class="no-rows">
          <h2>Nobody came in this period</h2>
          <p class="text-secondary">
            {nobody.last ? `The last sessions are of ${nobody.last.days}.` : 'Choose other days above.'}
          </p>
          {nobody.last && (
            <a class="btn" href={nobody.last.href}>
              Show these days
            </a>
          )}
        </div>
      )
    case 'filters':
      return <NoMatches filters={nobody.filters} clear={nobody.clear} />
  }
}

/** `clear`: the page without filters. */
type NoMatchesProps = { readonly filters: string; readonly clear: string }

export function NoMatches({ filters, clear }: NoMatchesProps) {
  return (
    <div class="no-rows">
      <h2>No session matches</h2>
      <p class="text-secondary">{`Asked for: ${filters}.`}</p>
      <a class="btn" href={clear}>
        Show it without filters
      </a>
    </div>
  )
}

/** Says what to do next. */
export function NoSessionsYet({ endpoints }: { readonly endpoints: readonly FlowEndpoint[] }) {
  return (
    <div class="no-rows">
      <h2>Nobody has opened a flow yet</h2>
      <p class="text-secondary">Two ways to see the first trail:</p>
      <ol class="next-steps">
        <li>
          <strong>Try it now.</strong> <code>screentrail simulate</code> sends made-up people through your flow,
          encrypted as Meta would.
        </li>
        <li>
          <strong>Connect Meta.</strong> In the flow's endpoint settings, enter its address and publish:
          <ul class="endpoints">
            {endpoints.map(({ flow, url }) => (
              <li>
                {flow} <code>{url}</code>
              </li>
            ))}
          </ul>
        </li>
      </ol>
    </div>
  )
}
