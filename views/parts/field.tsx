/** @jsxImportSource preact */
import type { VNode } from 'preact'

type FieldProps = {
  /** The id of the input, which is the only child. */
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly children: VNode
}

export function Field({ name, label, hint, children }: FieldProps) {
  return (
    <div class="mb-3">
      <label class="form-label" for={name}>
        {label}
      </label>
      {children}
      {hint && (
        <small class="form-hint" id={`${name}-hint`}>
          {hint}
        </small>
      )}
    </div>
  )
}
