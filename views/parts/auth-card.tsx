/** @jsxImportSource preact */
// The forms for people who are not logged in: login and setup.

import type { ComponentChildren } from 'preact'
import { Layout } from '../layout.tsx'
import { Field } from './field.tsx'
import { Problem } from './problem.tsx'

type AuthCardProps = {
  readonly title: string
  readonly lead: string
  /** What was wrong with the form sent before. */
  readonly problem: string | undefined
  readonly action: string
  readonly button: string
  readonly children: ComponentChildren
}

export function AuthCard({ title, lead, problem, action, button, children }: AuthCardProps) {
  return (
    <Layout title={title}>
      <div class="auth-card">
        <div class="brand brand-large">
          <img src="/assets/icon.svg" width="36" height="36" alt="" />
          <span>Screentrail</span>
        </div>
        <form class="card" method="post" action={action}>
          <div class="card-body">
            <h1>{title}</h1>
            <p class="text-secondary">{lead}</p>
            <Problem text={problem} />
            {children}
            <button class="btn btn-primary w-100" type="submit">
              {button}
            </button>
          </div>
        </form>
      </div>
    </Layout>
  )
}

/** `name`: what the form sent before said. */
export function NameField({ name, isReadOnly }: { readonly name: string; readonly isReadOnly?: boolean }) {
  return (
    <Field name="name" label="Name">
      <input
        class="form-control"
        type="text"
        id="name"
        name="name"
        value={name}
        autoComplete="username"
        maxLength={80}
        readOnly={isReadOnly ?? false}
        required
      />
    </Field>
  )
}
