/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { When } from '../../src/admin/local-time.ts'

export function Time({ when }: { readonly when: When }): JSX.Element {
  return (
    <time dateTime={when.iso} title={when.iso}>
      {when.text}
    </time>
  )
}
