/** @jsxImportSource preact */
import { Icon } from './icons.tsx'

/** `href` is undefined at an end. */
type PagerLink = { readonly name: string; readonly href: string | undefined }

type PagerProps = {
  /** For screen readers. */
  readonly label: string
  readonly back: PagerLink
  readonly on: PagerLink
}

export function Pager({ label, back, on }: PagerProps) {
  if (back.href === undefined && on.href === undefined) return null
  return (
    <nav class="btn-list" aria-label={label}>
      {back.href && (
        <a class="btn btn-sm" href={back.href} rel="prev">
          <Icon name="left" />
          {back.name}
        </a>
      )}
      {on.href && (
        <a class="btn btn-sm" href={on.href} rel="next">
          {on.name}
          <Icon name="right" />
        </a>
      )}
    </nav>
  )
}
