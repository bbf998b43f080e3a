/** @jsxImportSource preact */
import { AuthCard, NameField } from '../parts/auth-card.tsx'
import { PasswordField } from '../parts/password-fields.tsx'

export type LoginView = {
  /** The page to open after the login. */
  readonly next: string
  /** From the form sent before. */
  readonly name: string
  readonly problem?: string
}

export function LoginPage({ next, name, problem }: LoginView) {
  return (
    <AuthCard
      title="Log in"
      lead="The trail of every screen people walk in your flows."
      action="/admin/login"
      button="Log in"
      problem={problem}
    >
      <input type="hidden" name="next" value={next} />
      <NameField name={name} />
      <PasswordField name="password" label="Password" />
    </AuthCard>
  )
}
