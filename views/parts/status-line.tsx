/** @jsxImportSource preact */
import { Icon } from './icons.tsx'

/** What is wrong with the installation, in sentences; nothing if all is well. */
export type StatusView = readonly { readonly text: string; readonly href: string }[]

/** One line while all is well. */
export function StatusLine({ status }: { readonly status: StatusView }) {
  if (status.length === 0)
    return (
      <p class="status-line is-good">
        <Icon name="check" />
        All is well: requests are answered in time, and every event is accounted for.
      </p>
    )
  return (
    <ul class="status-line is-bad">
      {status.map(({ text, href }) => (
        <li>
          <Icon name="warning" />
          <a href={href}>{text}</a>
        </li>
      ))}
    </ul>
  )
}
