/** @jsxImportSource preact */
import { Field } from './field.tsx'

type PasswordFieldProps = { readonly name: string; readonly label: string }

/** For the password that an account has. */
export function PasswordField({ name, label }: PasswordFieldProps) {
  return (
    <Field name={name} label={label}>
      <input {...passwordInput(name)} autoComplete="current-password" />
    </Field>
  )
}

/** The two fields for a new password. */
export function NewPasswordFields({ label }: Pick<PasswordFieldProps, 'label'>) {
  const isNew = { autoComplete: 'new-password', minLength: 10 } as const
  return (
    <>
      <Field name="password" label={label} hint="At least 10 characters. A few words nobody would guess work well.">
        <input {...passwordInput('password')} {...isNew} aria-describedby="password-hint" />
      </Field>
      <Field name="again" label={`${label} again`}>
        <input {...passwordInput('again')} {...isNew} />
      </Field>
    </>
  )
}

const passwordInput = (name: string) =>
  ({ class: 'form-control', type: 'password', id: name, name, maxLength: 1_000, required: true }) as const
