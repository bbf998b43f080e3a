/** @jsxImportSource preact */

import { Layout, type PageAccount, type PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Card } from '../parts/card.tsx'
import { NewPasswordFields, PasswordField } from '../parts/password-fields.tsx'
import { Problem } from '../parts/problem.tsx'

export type AccountView = {
  /** Current logins, including this one. */
  readonly logins: number
  readonly problem?: string
  /** The password was changed by the form sent before. */
  readonly isChanged: boolean
  /** So were the preferences. */
  readonly areKept: boolean
}

export function AccountPage({ account, view }: PageProps<AccountView>) {
  return (
    <Layout title="Account" account={account}>
      <h1 class="page-heading">Account</h1>
      <p class="page-lead">You are logged in as {account.name}.</p>
      <Card id="password-title" heading="Change the password" isNarrow>
        <PasswordForm account={account.name} {...view} />
      </Card>
      <Card id="preferences" heading="Preferences" isNarrow>
        <Preferences account={account} areKept={view.areKept} />
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

const THEMES = { system: 'As the system says', light: 'Light', dark: 'Dark' } as const

/** The theme is an attribute of the document, so that the whole page is loaded anew. */
function Preferences({
  account: { theme, hasKeys },
  areKept,
}: {
  readonly account: PageAccount
  readonly areKept: boolean
}) {
  return (
    <form class="card-body" method="post" action="/admin/account/preferences" hx-boost="false">
      {areKept && (
        <div class="alert alert-success" role="status">
          Kept.
        </div>
      )}
      <fieldset class="mb-3">
        <legend class="form-label">Theme</legend>
        {(Object.keys(THEMES) as (keyof typeof THEMES)[]).map((name) => (
          <label class="form-check">
            <input
              class="form-check-input"
              type="radio"
              name="theme"
              value={name}
              checked={name === (theme ?? 'system')}
            />
            <span class="form-check-label">{THEMES[name]}</span>
          </label>
        ))}
      </fieldset>
      <label class="form-check mb-3">
        <input class="form-check-input" type="checkbox" name="keys" checked={hasKeys} />
        <span class="form-check-label">Keys such as g s for the sessions; ? shows them all</span>
      </label>
      <button class="btn" type="submit">
        Keep
      </button>
    </form>
  )
}

function PasswordForm({ account, problem, isChanged }: { readonly account: string } & AccountView) {
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
  logins === 1 ? 'You are logged in here, and nowhere else.' : `There are ${whole(logins)} logins of this account.`
