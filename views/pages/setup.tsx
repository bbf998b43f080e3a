/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { AuthCard, NameField } from '../parts/auth-card.tsx'
import { NewPasswordFields } from '../parts/new-password-fields.tsx'

/** `isNew`: the account is yet to be made, and its name to be chosen. */
export type SetupView = {
  readonly token: string
  readonly name: string
  readonly isNew: boolean
  readonly problem?: string
}

export function SetupPage({ token, name, isNew, problem }: SetupView): JSX.Element {
  return (
    <AuthCard {...(isNew ? MAKE : CHOOSE)} action="/admin/setup" {...(problem !== undefined && { problem })}>
      <input type="hidden" name="token" value={token} />
      {isNew ? <NameField name={name} /> : <KnownName name={name} />}
      <NewPasswordFields label="Password" />
    </AuthCard>
  )
}

const MAKE = {
  title: 'Make your account',
  lead: 'This link works once. The account it makes is the one that sees the trail.',
  button: 'Make the account',
}

const CHOOSE = {
  title: 'Choose a password',
  lead: 'This link works once. You are logged in with it.',
  button: 'Set the password',
}

/** Shown, so that password managers know whose password it is. */
function KnownName({ name }: { readonly name: string }): JSX.Element {
  return (
    <>
      <input type="hidden" name="account" value={name} />
      <NameField name={name} isFixed />
    </>
  )
}
