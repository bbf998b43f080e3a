import type { AdminDeps } from '../deps.ts'
import type { Form } from './read-form.ts'

/** Counts an invalid form and returns the status and the message of the response. */
export function refuseForm(
  { observeRefusal, log }: Pick<AdminDeps, 'observeRefusal' | 'log'>,
  { reason, problem }: Form<never> & { ok: false },
): { readonly status: number; readonly problem: string } {
  observeRefusal(reason)
  if (reason === 'broken_off') log.info('a form did not arrive whole')
  return { status: reason === 'broken_off' ? 400 : 422, problem }
}

export const retryAfter = (seconds: number) => ({ 'retry-after': String(seconds) })

/** Within this time the whole queue of passwords is checked. */
export const BUSY_RETRY_S = 2

export const BUSY = 'Too many people are logging in at this moment. Try again in some seconds.'

export const tooManyTries = (seconds: number): string =>
  `Too many wrong tries. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
