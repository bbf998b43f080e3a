/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { Entrance, Entry, NameEntry } from './parts/entrance.tsx'

export type SetupView = { readonly token: string; readonly name: string; readonly problem?: string }

export function SetupPage({ token, name, problem }: SetupView): JSX.Element {
  return (
    <Entrance
      title="Make your account"
      lead="This link works once. The account it makes is the one that sees the trail."
      action="/admin/setup"
      button="Make the account"
      {...(problem !== undefined && { problem })}
    >
      <input type="hidden" name="token" value={token} />
      <NameEntry name={name} />
      <Entry name="password" label="Password" hint="At least 10 characters. A few words nobody would guess work well.">
        <NewPassword name="password" describedBy="password-hint" />
      </Entry>
      <Entry name="again" label="Password again">
        <NewPassword name="again" />
      </Entry>
    </Entrance>
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
