// People who walk the flow `loan` in every way: to the end, refused, back, turned away; their phones, and strangers.

import type { JsonObject } from '../src/lib/json.ts'

export type TapStep = {
  readonly request: JsonObject
  /** Whether it must leave an event. */
  readonly isEvent: boolean
  /** What is wrong with the bytes: the signature is another app's, or the envelope is for another key. */
  readonly spoilt?: 'signature' | 'key'
  /** Meta sends the same bytes a second time. */
  readonly isSentAgain?: true
}

/** The steps of one person; the ways take turns. */
export function stepsOfPerson(number: number): readonly TapStep[] {
  const way = WAYS[number % WAYS.length] as Way
  const token = `${way.customer ?? 'c-204'}.${crypto.randomUUID()}`
  return way.steps.map(({ action, screen, data, ...more }) => ({
    request: { version: '3.0', action, ...(action !== 'ping' && { screen, data, flow_token: token }) },
    isEvent: true,
    ...more,
  }))
}

type Step = Omit<TapStep, 'request' | 'isEvent'> &
  Partial<Pick<TapStep, 'isEvent'>> & { readonly action: string; readonly screen: string; readonly data: JsonObject }

const submit = (screen: string, data: JsonObject): Step => ({ action: 'data_exchange', screen, data })
const back = (screen: string): Step => ({ action: 'BACK', screen, data: {} })

const OPEN: Step = { action: 'INIT', screen: '', data: {} }
const PING: Step = { action: 'ping', screen: '', data: {}, isEvent: false }
const TAKE = submit('LOAN', { amount: '320000', tenure: '24', emi: 'K 14,600' })
const WALLET = submit('DETAILS', { payment_mode: 'wallet' })
const numbered = (wallet_number: string) =>
  submit('DETAILS', { amount: 'K 320,000', tenure: '24 months', emi: 'K 14,600', wallet_number })
const CONFIRM = submit('SUMMARY', {})

type Way = { readonly customer?: string; readonly steps: readonly Step[] }

const WAYS: readonly Way[] = [
  { steps: [OPEN, submit('LOAN', { amount: '320000', tenure: '48' }), TAKE, WALLET, numbered('0700123455'), CONFIRM] },
  // No mode, no number, a short one.
  { steps: [OPEN, TAKE, numbered(''), WALLET, numbered(''), numbered('12'), numbered('0700123455'), CONFIRM] },
  {
    steps: [
      OPEN,
      TAKE,
      WALLET,
      numbered('0700123455'),
      back('SUMMARY'),
      submit('DETAILS', { payment_mode: 'bank' }),
      submit('DETAILS', { account_number: 'AC-00456789' }),
      CONFIRM,
    ],
  },
  // Status 427: on opening, nobody got in; later it is what the person was told.
  { customer: 'c-999', steps: [{ ...OPEN, isEvent: false }, TAKE] },
  { steps: [OPEN, submit('LOAN', { error: 'payload-schema-error', error_message: 'odd' })] },
  { steps: [PING, OPEN, PING] },
  // No offer; an amount that there is none of; what the API refuses.
  { customer: 'c-206', steps: [OPEN] },
  { customer: 'c-205', steps: [OPEN, submit('LOAN', { amount: '1', tenure: '6', emi: '' })] },
  {
    steps: [
      { ...OPEN, isSentAgain: true },
      { ...TAKE, isSentAgain: true },
    ],
  },
  {
    steps: [
      { ...OPEN, spoilt: 'signature', isEvent: false },
      { ...OPEN, spoilt: 'key', isEvent: false },
    ],
  },
]
