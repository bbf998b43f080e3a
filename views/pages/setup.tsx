/** @jsxImportSource preact */
import { AuthCard, NameField } from '../parts/auth-card.tsx'
import { NewPasswordFields } from '../parts/password-fields.tsx'

export type SetupView = {
  /** From the setup link. */
  readonly token: string
  readonly name: string
  /** The form creates the account; otherwise the account exists and gets a new password. */
  readonly isNew: boolean
  readonly problem?: string
}

export function SetupPage({ token, name, isNew, problem }: SetupView) {
  return (
    <AuthCard {...(isNew ? CREATE_ACCOUNT : CHOOSE_PASSWORD)} action="/admin/setup" problem={problem}>
      <input type="hidden" name="token" value={token} />
      {isNew ? <NameField name={name} /> : <FixedName name={name} />}
      <NewPasswordFields label="Password" />
    </AuthCard>
  )
}

const CREATE_ACCOUNT = {
  title: 'Make your account',
  lead: 'This link works once. The account it makes is the one that sees the trail.',
  button: 'Make the account',
}

const CHOOSE_PASSWORD = {
  title: 'Choose a password',
  lead: 'This link works once. You are logged in with it.',
  button: 'Set the password',
}

/** Tells password managers which account the password belongs to. */
function FixedName({ name }: { readonly name: string }) {
  return (
    <>
      <input type="hidden" name="account" value={name} />
      <NameField name={name} isReadOnly />
    </>
  )
}
