import type { AdminDeps } from '../deps.ts'
import type { Form } from './read-form.ts'

/** How a form is answered that could not be used, and counts it. */
export function refuseForm(
  { observeRefusal, log }: Pick<AdminDeps, 'observeRefusal' | 'log'>,
  { reason, problem }: Form<never> & { ok: false },
): { readonly status: number; readonly problem: string } {
  observeRefusal(reason)
  if (reason === 'broken_off') log.info('a form did not arrive whole')
  return { status: reason === 'broken_off' ? 400 : 422, problem }
}

/** Answers to who has to come back later. */
export const comeBackAfter = (seconds: number) => ({ 'retry-after': String(seconds) })

/** In a line of eight, a place is free after a fraction of a second; in two the whole line is through. */
export const BUSY_S = 2

export const BUSY = 'Too many people are logging in at this moment. Try again in some seconds.'

export const tooManyTries = (seconds: number): string =>
  `Too many wrong tries. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
