/** @jsxImportSource preact */
import type { JSX } from 'preact'

/** What is wrong; nothing without a text. */
export function Problem({ text }: { readonly text: string | undefined }): JSX.Element | null {
  if (!text) return null
  return (
    <div class="alert alert-danger" role="alert">
      {text}
    </div>
  )
}
