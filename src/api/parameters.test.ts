// A slip of the pen is told, and does not give other numbers.

import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { type Api, startApi } from '../../test/api-kit.ts'
import { errorShape } from './response.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const FLOW = '/flows/repair-booking'

const CASES: readonly (readonly [path: string, ...said: string[]])[] = [
  [`${FLOW}/funnel?form=2026-03-02`, '"form" is no parameter here; did you mean `from`?'],
  [`${FLOW}/funnel?colour=red`, '"colour" is no parameter here; expected `from`, `until`, `version`, `choice`'],
  [`${FLOW}/friction?choice=service:emergency`, '"choice" is no parameter here', '`version`'],
  [`${FLOW}/funnel?__proto__=x`, '"__proto__" is no parameter here'],
  [`${FLOW}/funnel?constructor=x`, '"constructor" is no parameter here'],
  [`${FLOW}/funnel?from=2026-03-02&from=2026-03-03`, '`from` is given more than once'],
  [`${FLOW}/funnel?from=02.03.2026`, '`from` is "02.03.2026"; expected a day such as 2026-11-22'],
  [`${FLOW}/funnel?until=2026-02-30`, '`until` is "2026-02-30"; expected a day'],
  [`${FLOW}/funnel?from=`, '`from` is ""; expected a day'],
  [`${FLOW}/funnel?from=2026-03-03&until=2026-03-02`, '`from` is 2026-03-03 and `until` is 2026-03-02'],
  [`${FLOW}/funnel?from=2027-01-01`, '`from` is 2027-01-01 and `until` is 2026-03-04'],
  [`${FLOW}/trend?from=2020-01-01`, '`from` 2020-01-01 to `until` 2026-03-04 are 2255 days; expected 400 at most'],
  ...['trend', 'funnel', 'errors', 'drivers'].map(
    (name) =>
      [`${FLOW}/${name}?until=9999-12-31`, '`until` is "9999-12-31"; expected a day such as 2026-11-22'] as const,
  ),
  [
    `${FLOW}/funnel?from=0000-01-01&until=0000-01-02`,
    '`from` is "0000-01-01"; expected a day such as 2026-11-22, from 1970-01-01 to 2999-12-31',
  ],
  [`${FLOW}/funnel?steps=SERVICE,,DATE`, '`steps` is "SERVICE,,DATE"; expected screens such as'],
  [`${FLOW}/funnel?steps=SERVICE,DATES`, '`steps` names "DATES"; expected screens of the flow: CONFIRM, CONTACT'],
  [`${FLOW}/funnel?exclude=HLP`, '`exclude` names "HLP"; expected screens of the flow'],
  [`${FLOW}/funnel?strict=yes`, '`strict` is "yes"; expected true or false'],
  [`${FLOW}/funnel?window=10`, '`window` is "10"; expected a duration such as 30s or 10m'],
  [`${FLOW}/funnel?window=0s`, '`window` is "0s"; expected a duration'],
  [`${FLOW}/funnel?choice=emergency`, '`choice` is "emergency"; expected a field and a value such as'],
  [`${FLOW}/funnel?choice=servce:emergency`, '`choice` names "servce"; expected a choice of the flow: service'],
  [`${FLOW}/funnel?by=month`, '`by` is "month"; expected version, weekday, hour, or a choice'],
  [`${FLOW}/funnel?by=choice:servce`, '`by` names "servce"; expected a choice of the flow: service'],
  [`${FLOW}/funnel?by=choice:service&choice=service:routine`, '`choice` and `by` are both about a choice'],
  [`${FLOW}/funnel?compare=next`, '`compare` is "next"; expected previous'],
  [`${FLOW}/paths?after=DATES`, '`after` names "DATES"; expected screens of the flow'],
  [`${FLOW}/trend?choice=servce:x`, '`choice` names "servce"'],
  [`${FLOW}/errors?by=hour`, '"by" is no parameter here; expected `from`, `until`, `version`'],
  [`${FLOW}/errors?from=2026-03-03&until=2026-03-02`, '`from` is 2026-03-03 and `until` is 2026-03-02'],
  [`${FLOW}/errors?from=2025-01-01`, 'days; expected 400 at most'],
  [`${FLOW}/payloads?version=`, '`version` is ""; expected a version'],
  [`${FLOW}/payloads?choice=service:emergency`, '"choice" is no parameter here'],
  [`${FLOW}/health?from=2026-03-02`, '"from" is no parameter here; expected `at`'],
  [`${FLOW}/health?at=2026-03-02`, '`at` is "2026-03-02"; expected an instant such as 2026-11-22T14:05:00Z'],
  [`${FLOW}/health?at=2026-03-02T09:00`, '`at` is "2026-03-02T09:00"; expected an instant'],
  [
    `${FLOW}/health?at=2026-03-04T12:00:00.001Z`,
    '`at` is 2026-03-04T12:00:00.001Z; expected an instant that is not to come',
  ],
  ['/sessions?limit=0', '`limit` is "0"; expected a whole number from 1 to 1000'],
  ['/sessions?limit=5000', '`limit` is "5000"; expected a whole number from 1 to 1000'],
  ['/sessions?limit=many', '`limit` is "many"; expected a whole number'],
  ['/sessions?limit=', '`limit` is ""; expected a whole number'],
  ['/sessions?limit=1e2', '`limit` is "1e2"; expected a whole number'],
  ['/sessions?limit=0x9', '`limit` is "0x9"; expected a whole number'],
  ['/sessions?after=abc', '`after` is "abc"; expected `next` of the page before'],
  ['/sessions?ending=gone', '`ending` is "gone"; expected completed, open or lost'],
  ['/sessions?weekday=0', '`weekday` is "0"; expected a whole number from 1 to 7'],
  ['/sessions?weekday=%201', '`weekday` is " 1"; expected a whole number from 1 to 7'],
  ['/sessions?hour=', '`hour` is ""; expected a number'],
  ['/sessions?hour=9.3', '`hour` is "9.3"; expected a number from 0 to 23.75'],
  ['/sessions?hour=-1', '`hour` is "-1"; expected a number from 0 to 23.75'],
  ['/sessions?from=2026-03-03&until=2026-03-02', '`from` is 2026-03-03 and `until` is 2026-03-02'],
  ['/sessions?hour=24', '`hour` is "24"; expected a number from 0 to 23.75'],
  ['/sessions?load=slow', '`load` is "slow"; expected one of <0.5s'],
  ['/sessions?rule=min', '`rule` is "min"; expected a field and a rule'],
  ['/incidents?category=odd', '`category` is "odd"; expected one of decrypt_failed'],
  ['/sessions/x?flow=repair-booking', '"flow" is no parameter here; expected none'],
]

test.each(CASES)('%s is a mistake', async (path, ...said) => {
  const reply = await api.ask(path)
  const { error } = errorShape.parse(await reply.json())
  expect([reply.status, error.code]).toEqual([400, 'bad_parameter'])
  for (const part of said) expect(error.message).toContain(part)
  expect(error.message).toEndWith('.')
})

test.each([
  ['/flows/repair-boking/funnel', 'There is no flow "repair-boking"; the flows are repair-booking'],
  ['/flows/repair-boking/errors', 'There is no flow "repair-boking"'],
  ['/flows/repair-boking/health', 'There is no flow "repair-boking"; the flows are repair-booking'],
  ['/flows/repair-boking/payloads', 'There is no flow "repair-boking"'],
  ['/flows/constructor/funnel', 'There is no flow "constructor"'],
  ['/sessions?flow=elsewhere', 'There is no flow "elsewhere"'],
  ['/sessions/NOBODY', 'There is no such session'],
  ['/flows/repair-booking', 'openapi.json'],
  ['/flows/repair-booking/funnels', 'openapi.json'],
  ['', 'openapi.json'],
])('%s is not there', async (path, said) => {
  const reply = await api.ask(path)
  const { error } = errorShape.parse(await reply.json())
  expect([reply.status, error.code]).toEqual([404, 'not_found'])
  expect(error.message).toContain(said)
})

test.each(['%E0', '%00', '%2e%2e', '..%2f..%2fadmin', 'x'.repeat(5_000)])('%p is no session', async (id) => {
  const reply = await api.ask(`/sessions/${id}`)
  expect([reply.status, errorShape.parse(await reply.json()).error.code]).toEqual([404, 'not_found'])
})

test('what is told of a long value is cut', async () => {
  const { error } = errorShape.parse(await (await api.ask(`/sessions?ending=${'x'.repeat(5_000)}`)).json())
  expect(error.message.length).toBeLessThan(200)
})

test('a failure of ours is told without what went wrong inside', async () => {
  const broken = await startApi()
  const db = new Database(join(broken.folder.path, 'data/screentrail.db'))
  db.run('ALTER TABLE session_days RENAME TO misplaced')
  const reply = await broken.ask(`${FLOW}/funnel`)
  const { error } = errorShape.parse(await reply.json())
  expect([reply.status, error.code]).toEqual([500, 'failed'])
  expect(error.message).not.toMatch(/session_days|table/)

  db.run('ALTER TABLE misplaced RENAME TO session_days')
  db.close(true)
  expect((await broken.ask(`${FLOW}/funnel`)).status).toBe(200)
  await broken.stop()
})
