// What a new name and a new password must be like; the sentences are for the person who chooses them.

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

/** Both fields of a form in which a new password is entered twice. */
export const twice = { password: newPassword, again: z.string() }

export const isSameTwice = (form: { readonly password: string; readonly again: string }): boolean =>
  form.password === form.again

export const NOT_THE_SAME = { error: 'The two passwords are not the same.' }
