/** @jsxImportSource preact */
import type { JSX } from 'preact'

type NoSessionsProps = {
  readonly isFiltered: boolean
  readonly addresses: readonly { readonly flow: string; readonly url: string }[]
}

/** Says what to do next. */
export function NoSessions({ isFiltered, addresses }: NoSessionsProps): JSX.Element {
  return isFiltered ? <NothingFound /> : <NothingYet addresses={addresses} />
}

function NothingFound(): JSX.Element {
  return (
    <div class="nothing">
      <h2>No session matches</h2>
      <p class="text-secondary">Widen the dates, or take a filter away. A flow token has to be given whole.</p>
      <a class="btn" href="/admin/sessions">
        Show all sessions
      </a>
    </div>
  )
}

function NothingYet({ addresses }: Pick<NoSessionsProps, 'addresses'>): JSX.Element {
  return (
    <div class="nothing">
      <h2>Nobody has opened a flow yet</h2>
      <p class="text-secondary">Two ways to see the first trail:</p>
      <ol class="next-steps">
        <li>
          <strong>Try it now.</strong> <code>screentrail simulate</code> sends made-up people through your flow,
          encrypted as Meta would.
        </li>
        <li>
          <strong>Connect Meta.</strong> In the flow's endpoint settings, enter its address and publish:
          <ul class="addresses">
            {addresses.map(({ flow, url }) => (
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
