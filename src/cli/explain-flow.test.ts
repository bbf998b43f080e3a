import { afterAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { flowOf } from '../../test/flow-of.ts'
import { configWith, type Folder, makeFolder } from '../../test/kit.ts'
import type { Flow } from '../flow/definition.ts'
import { explainFlow, measuredLine } from './explain-flow.ts'

const FLOWS = join(import.meta.dir, '../../test/flows')
const folders: Folder[] = []
afterAll(() => Promise.all(folders.map((folder) => folder.remove())))

/** Of the flows in `test/flows`; the example without a name. */
async function flowNamed(name?: string): Promise<Flow> {
  const config = (flow: string) =>
    configWith(
      `${flow}:\n  flow_json: ${join(FLOWS, flow, 'flow.json')}\n${readFileSync(join(FLOWS, flow, 'flow.yaml'), 'utf8').replace(/^/gm, '  ')}`,
    )
  const folder = await makeFolder(name === undefined ? undefined : config(name))
  folders.push(folder)
  const [flow] = (await folder.load()).flows.values()
  return flow as Flow
}

test('what nobody can see is one line', async () => {
  expect(measuredLine(await flowNamed())).toBe('every step, Back and end is seen')
  expect(measuredLine(await flowNamed('loan'))).toBe(
    'not seen: Back on DETAILS, COMPLETE; the end on COMPLETE, NO_OFFER',
  )
  expect(measuredLine(await flowNamed('insurance'))).toBe(
    'not seen: Back on COVER_LEVEL, EXCESS, DETAILS, YOUR_HEALTH, POLICY_SELECTION and 2 more',
  )
})

test('a flow without a Flow JSON is explained by its config alone', async () => {
  const { flowJson: _, ...flow } = await flowNamed('otp')
  expect(measuredLine(flow)).toBeUndefined()
  expect(explainFlow(flow).join('\n')).toContain('  opened     FORM_SCREEN\n')
})

test('each screen is told with what it is sent, what it submits and calls, and what follows', async () => {
  const lines = explainFlow(await flowNamed('loan'), 'loan.json')
  const detailsAt = lines.indexOf('  DETAILS (Payout)')
  expect(lines.slice(0, 3)).toEqual([
    'flow loan',
    '  opened     asks offer by GET; then closes when api.offer.status = 404; NO_OFFER when $not(api.offer.ok) or $count(api.offer.body.options) = 0; LOAN',
    '  LOAN (Your offer)',
  ])
  expect(lines.slice(detailsAt + 1, detailsAt + 7)).toEqual([
    '    sent with  amount, tenure, emi, is_wallet, is_account',
    "    submits    payment_mode (choice, required when $not($exists(known.payment_mode))), wallet_number (text, required when known.payment_mode = 'wallet'), account_number (text, required when known.payment_mode = 'bank')",
    '    sets       to',
    '    then       SUMMARY',
    '    on mode    when $exists(input.payment_mode)',
    '    not seen   loan.json:73:5 Back on DETAILS is not seen by the endpoint; with "refresh_on_back": true it is, and answers with the screen before',
  ])
  expect(lines).toContain('    calls      loan (loans) by POST when $not($exists(vars.loan))')
  expect(lines).toContain('    then       stays when api.loan.status = 409; COMPLETE')
  expect(lines).toContain('    ends       on the phone, completed')
})

test('screens that only the phone knows are told, too', async () => {
  const lines = explainFlow(await flowNamed('signup'))
  const startAt = lines.indexOf('  START (Kiln), the phone’s alone')
  expect(lines[startAt + 1]).toBe('    the phone  leads to SIGN_UP, LOGIN')
})

test('of a flow that another server answers it is told which, without what may be secret in its address', () => {
  const tapped = flowOf('{ tap: { url: "https://crm.example:3000/flow?key=s3cret" } }')
  expect(explainFlow(tapped).join('\n')).toBe(
    'flow test, answered by the endpoint at crm.example:3000; what the config does not say is learned from what passes',
  )
  const partly = flowOf('{ start: A, screens: { A: { forward: { url: "https://u:p@crm.example/a" } } } }')
  expect(explainFlow(partly)).toEqual([
    'flow test',
    '  opened     A',
    '  A',
    '    then       what the server at crm.example says',
  ])
})
