import type { AdminDeps } from '../deps.ts'
import type { Form } from './read-form.ts'

/** Why a form was not accepted, for the person who sent it. */
export type FormProblem = {
  readonly status: number
  readonly problem: string
  readonly headers?: { readonly 'retry-after': string }
}

/** Counts an invalid form. */
export function refuseForm(
  { observeRefusal, log }: Pick<AdminDeps, 'observeRefusal' | 'log'>,
  { reason, problem }: Form<never> & { ok: false },
): FormProblem {
  observeRefusal(reason)
  if (reason === 'broken_off') log.info('a form did not arrive whole')
  return { status: reason === 'broken_off' ? 400 : 422, problem }
}

/** Within two seconds the whole queue of passwords is checked. */
export const BUSY: FormProblem = {
  status: 503,
  problem: 'Too many people are logging in at this moment. Try again in some seconds.',
  headers: { 'retry-after': '2' },
}

export function tooManyTries(waitMs: number): FormProblem {
  const seconds = Math.ceil(waitMs / 1_000)
  const problem = `Too many wrong tries. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
  return { status: 429, problem, headers: { 'retry-after': String(seconds) } }
}
