/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { Icon } from './icons.tsx'

/** URLs. */
type PagerProps = { readonly [page in 'newest' | 'older']: string | undefined }

export function Pager({ newest, older }: PagerProps): JSX.Element | null {
  if (!newest && !older) return null
  return (
    <nav class="btn-list" aria-label="Pages">
      {newest && (
        <a class="btn btn-sm" href={newest}>
          <Icon name="left" />
          Newest
        </a>
      )}
      {older && (
        <a class="btn btn-sm" href={older} rel="next">
          Older
          <Icon name="right" />
        </a>
      )}
    </nav>
  )
}
