/** @jsxImportSource preact */
// A new password, entered twice.

import type { JSX } from 'preact'
import { Entry } from './entrance.tsx'

export function NewPasswordEntries({ label }: { readonly label: string }): JSX.Element {
  return (
    <>
      <Entry name="password" label={label} hint="At least 10 characters. A few words nobody would guess work well.">
        <NewPassword name="password" describedBy="password-hint" />
      </Entry>
      <Entry name="again" label={`${label} again`}>
        <NewPassword name="again" />
      </Entry>
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
