/** @jsxImportSource preact */
// The two fields for a new password.

import type { JSX } from 'preact'
import { AuthField } from './auth-card.tsx'

export function NewPasswordFields({ label }: { readonly label: string }): JSX.Element {
  return (
    <>
      <AuthField name="password" label={label} hint="At least 10 characters. A few words nobody would guess work well.">
        <NewPassword name="password" describedBy="password-hint" />
      </AuthField>
      <AuthField name="again" label={`${label} again`}>
        <NewPassword name="again" />
      </AuthField>
    </>
  )
}

function NewPassword({ name, describedBy }: { readonly name: string; readonly describedBy?: string }): JSX.Element {
  return (
    <input
      class="form-control"
      type="password"
      id={name}
      name={name}
      autoComplete="new-password"
      minLength={10}
      maxLength={1_000}
      required
      {...(describedBy && { 'aria-describedby': describedBy })}
    />
  )
}
