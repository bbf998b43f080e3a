// Rules for new names and passwords. The messages are for the person who chooses them.

import { z } from 'zod'

export const newName = z
  .string()
  .trim()
  .min(1, { error: 'Enter a name.' })
  .max(80, { error: 'At most 80 characters for the name.' })
  .regex(/^\P{C}*$/u, { error: 'The name has a character that cannot be seen.' })

export const newPassword = z
  .string()
  .min(10, { error: 'The password needs at least 10 characters.' })
  .max(1_000, { error: 'At most 1,000 characters for the password.' })

/** A new password is entered twice. */
export const newPasswordFields = { password: newPassword, again: z.string() }

export const passwordsMatch = (form: { readonly password: string; readonly again: string }): boolean =>
  form.password === form.again

export const PASSWORDS_DIFFER = { error: 'The two passwords are not the same.' }
