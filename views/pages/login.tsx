/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { AuthCard, AuthField, NameField } from '../parts/auth-card.tsx'

export type LoginView = {
  /** The page to open after the login. */
  readonly next: string
  /** From the form sent before. */
  readonly name: string
  readonly problem?: string
}

export function LoginPage({ next, name, problem }: LoginView): JSX.Element {
  return (
    <AuthCard
      title="Log in"
      lead="The trail of every screen people walk in your flows."
      action="/admin/login"
      button="Log in"
      {...(problem !== undefined && { problem })}
    >
      <input type="hidden" name="next" value={next} />
      <NameField name={name} />
      <AuthField name="password" label="Password">
        <input
          class="form-control"
          type="password"
          id="password"
          name="password"
          autoComplete="current-password"
          maxLength={1_000}
          required
        />
      </AuthField>
    </AuthCard>
  )
}
