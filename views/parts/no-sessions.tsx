/** @jsxImportSource preact */
/** The URL of a flow's data endpoint, to enter at Meta. */
export type FlowEndpoint = { readonly flow: string; readonly url: string }

type NoSessionsProps = {
  readonly isFiltered: boolean
  readonly endpoints: readonly FlowEndpoint[]
  /** The page without filters. */
  readonly clear?: string
}

/** An empty list; says what to do next. */
export function NoSessions({ isFiltered, endpoints, clear = '/admin/sessions' }: NoSessionsProps) {
  return isFiltered ? <NoMatches clear={clear} /> : <NoSessionsYet endpoints={endpoints} />
}

function NoMatches({ clear }: { readonly clear: string }) {
  return (
    <div class="no-rows">
      <h2>No session matches</h2>
      <p class="text-secondary">Widen the dates, or take a filter away. A flow token has to be given whole.</p>
      <a class="btn" href={clear}>
        Show all
      </a>
    </div>
  )
}

function NoSessionsYet({ endpoints }: Pick<NoSessionsProps, 'endpoints'>) {
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
