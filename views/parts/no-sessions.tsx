/** @jsxImportSource preact */
/** The URL of a flow's data endpoint, to enter at Meta. */
export type FlowEndpoint = { readonly flow: string; readonly url: string }

/** In place of the cards of a page. */
export const NoMatchesCard = ({ clear }: NoMatchesProps) => (
  <section class="card" aria-label="No sessions">
    <NoMatches clear={clear} />
  </section>
)

/** The page without filters. */
type NoMatchesProps = { readonly clear: string }

export function NoMatches({ clear }: NoMatchesProps) {
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
