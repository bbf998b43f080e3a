import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFlowJson } from '../flow-json/read-flow-json.ts'
import { phoneScreenOf } from './phone-screen.ts'

function flowJsonOf(flow: string) {
  const text = readFileSync(join(import.meta.dir, '../../test/flows', flow, 'flow.json'), 'utf8')
  const read = readFlowJson(text, 'flow.json')
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes))
  return read.flowJson
}
const loan = flowJsonOf('loan')
const drawn = (screen: string, refused = new Map()) =>
  phoneScreenOf(loan, screen, refused)?.items.map(({ kind, text, isConditional }) => [kind, text, isConditional])

describe('a screen as the phone draws it', () => {
  test('has its title, its texts by their examples, its fields, and its button', () => {
    expect(phoneScreenOf(loan, 'LOAN', new Map())?.title).toBe('Your offer')
    expect(drawn('LOAN')).toEqual([
      ['dropdown', 'Amount', false],
      ['dropdown', 'Term', false],
      ['heading', 'K 18,000', false],
      ['body', '9 % a year', false],
      ['body', 'K 500', false],
      ['button', 'Take it', false],
    ])
    expect(drawn('DETAILS')?.slice(3)).toEqual([
      ['radio', 'How shall we pay?', false],
      ['input', 'Wallet number', true],
      ['input', 'Account number', true],
      ['button', 'Next', false],
    ])
  })

  test('beside a field stands how often it was refused, under whatever name it is submitted', () => {
    const linked = [{ count: 3, href: '/x', rule: 'check' }]
    const items = phoneScreenOf(loan, 'DETAILS', new Map([['wallet_number', linked]]))?.items
    expect(items?.filter(({ refused }) => refused)).toMatchObject([{ kind: 'input', refused: linked }])
  })

  test('options that the endpoint sends are told as examples', () => {
    const salon = flowJsonOf('salon-booking')
    const all = [...salon.screens.keys()].flatMap((id) => phoneScreenOf(salon, id, new Map())?.items ?? [])
    expect(all.some(({ options }) => options?.areExamples)).toBe(true)
  })

  test('of a screen that the Flow JSON does not have, nothing is drawn', () => {
    expect(phoneScreenOf(loan, 'NOWHERE', new Map())).toBeUndefined()
    expect(phoneScreenOf(undefined, 'LOAN', new Map())).toBeUndefined()
  })
})
