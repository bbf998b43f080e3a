/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { Layout, type PageProps } from '../layout.tsx'
import { Card } from '../parts/card.tsx'
import { NewPasswordFields, PasswordField } from '../parts/password-fields.tsx'
import { Problem } from '../parts/problem.tsx'

export type AccountView = {
  /** Current logins, including this one. */
  readonly logins: number
  readonly problem?: string
  /** The password was changed by the form sent before. */
  readonly isChanged: boolean
}

export function AccountPage({ account, view }: PageProps<AccountView>): JSX.Element {
  return (
    <Layout title="Account" account={account}>
      <h1 class="page-heading">Account</h1>
      <p class="page-lead">You are logged in as {account}.</p>
      <Card id="password-title" heading="Change the password" isNarrow>
        <PasswordForm account={account} {...view} />
      </Card>
      <Card id="logins" heading="Log out everywhere" isNarrow>
        <form class="card-body" method="post" action="/admin/account/logout-everywhere">
          <p class="text-secondary">
            {loginsText(view.logins)} This ends all of them at once, this one included. Use it when a device is lost, or
            was left logged in.
          </p>
          <button class="btn btn-outline-danger" type="submit">
            Log out everywhere
          </button>
        </form>
      </Card>
    </Layout>
  )
}

function PasswordForm({ account, problem, isChanged }: { readonly account: string } & AccountView): JSX.Element {
  return (
    <form class="card-body" method="post" action="/admin/account/password">
      {isChanged && (
        <div class="alert alert-success" role="status">
          The password is changed. All other logins of this account have ended.
        </div>
      )}
      <Problem text={problem} />
      {/* Tells password managers which account the password belongs to. */}
      <input
        class="visually-hidden"
        type="text"
        name="name"
        value={account}
        autoComplete="username"
        tabIndex={-1}
        readOnly
        aria-hidden="true"
      />
      <PasswordField name="current" label="Present password" />
      <NewPasswordFields label="New password" />
      <button class="btn btn-primary" type="submit">
        Change the password
      </button>
    </form>
  )
}

const loginsText = (logins: number): string =>
  logins === 1
    ? 'You are logged in here, and nowhere else.'
    : `There are ${logins.toLocaleString('en')} logins of this account.`
