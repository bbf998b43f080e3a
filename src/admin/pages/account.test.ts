import { afterEach, beforeEach, expect, test } from 'bun:test'
import { type Admin, cookieOf, enter, openAdmin, PASSWORD } from '../../../test/admin-kit.ts'

let admin: Admin
let mine: { cookie: string; device: string }
beforeEach(async () => {
  admin = await openAdmin()
  mine = await enter(admin)
})
afterEach(() => admin.close())

const NEXT = 'a new long password'

const change = (form: object = {}, cookie = `${mine.cookie}; ${mine.device}`, headers = {}) =>
  admin.post(
    '/admin/account/password',
    { current: PASSWORD, password: NEXT, again: NEXT, ...form },
    { cookie, ...headers },
  )
const login = (password: string, cookie = '') => admin.post('/admin/login', { name: 'ada', password }, { cookie })
const isIn = async (cookie: string) => (await admin.get('/admin/account', { cookie })).status === 200

test('a new password ends every other login, keeps this one, and forgets other browsers', async () => {
  const elsewhere = await login(PASSWORD)
  const [other, device] = elsewhere.headers.getSetCookie().map((cookie) => cookie.split(';')[0] as string)
  const reply = await change()
  expect([reply.status, reply.headers.get('location')]).toEqual([303, '/admin/account?done=password'])
  expect([await isIn(mine.cookie), await isIn(other as string), await isIn(cookieOf(reply))]).toEqual([
    false,
    false,
    true,
  ])
  const page = await admin.get('/admin/account?done=password', { cookie: cookieOf(reply) })
  expect(await page.text()).toMatch(/The password is changed.*You are logged in here, and nowhere else/s)

  for (let index = 0; index < 10; index++) await login('wrong')
  expect((await login(NEXT, device)).status).toBe(429)
  expect((await login(PASSWORD, mine.device)).status).toBe(401)
  expect((await login(NEXT, mine.device)).status).toBe(303)
  expect((await admin.store.audits(9)).map(({ who, what }) => `${who} ${what}`)).toContain('ada password_changed')
})

test.each([
  ['a wrong present password', { current: 'wrong' }, 'The present password is wrong.'],
  ['none', { current: '' }, 'Enter your present password.'],
  ['a short one', { password: 'nine char', again: 'nine char' }, 'at least 10 characters'],
  ['two that differ', { again: `${NEXT}!` }, 'not the same'],
])('nothing changes with %s', async (_, form, problem) => {
  const reply = await change(form)
  expect([reply.status, await reply.text()]).toEqual([422, expect.stringContaining(problem)])
  expect(await isIn(mine.cookie)).toBe(true)
})

test('somebody who finds a browser logged in cannot guess the password', async () => {
  const statuses = []
  for (let index = 0; index < 11; index++) statuses.push((await change({ current: `guess ${index}` })).status)
  expect(statuses).toEqual([...Array(10).fill(422), 429])
  expect((await change()).status).toBe(429)
  admin.time.now += 30_000
  expect((await change()).status).toBe(303)
})

test('logging out everywhere ends all logins on our side; this browser stays known', async () => {
  const other = cookieOf(await login(PASSWORD))
  const reply = await admin.post('/admin/account/logout-everywhere', {}, { cookie: `${mine.cookie}; ${mine.device}` })
  expect([reply.status, reply.headers.get('location')]).toEqual([303, '/admin/login'])
  expect([await isIn(mine.cookie), await isIn(other)]).toEqual([false, false])
  for (let index = 0; index < 10; index++) await login('wrong')
  expect([(await login(PASSWORD)).status, (await login(PASSWORD, mine.device)).status]).toEqual([429, 303])
})

test('a form of another site, or without a login, changes nothing', async () => {
  const foreign = { 'sec-fetch-site': 'cross-site' }
  expect((await change({}, mine.cookie, foreign)).status).toBe(403)
  expect((await admin.post('/admin/account/logout-everywhere', {}, { cookie: mine.cookie, ...foreign })).status).toBe(
    403,
  )
  expect((await change({}, '')).headers.get('location')).toStartWith('/admin/login')
  expect(await isIn(mine.cookie)).toBe(true)
  expect(admin.refused.filter((reason) => reason === 'foreign')).toHaveLength(2)
})

test('failed logins and API reads do not push an export out of the audit list', async () => {
  await admin.get('/admin/export/sessions?ending=lost', { cookie: mine.cookie })
  for (let index = 0; index < 300; index++) {
    await admin.deps.failedLogins.wrong(`203.0.113.${index % 100}`, undefined)
    const read = { at: admin.time.now, who: 'token 1', what: 'api_sessions', detail: `page ${index}` } as const
    await admin.store.audit(read)
    if (index % 30 === 0) admin.time.now += 3_600_000
  }
  const html = await (await admin.get('/admin/health', { cookie: mine.cookie })).text()
  expect(html).toContain('csv, ?ending=lost')
  expect(html.match(/page \d+/g)).toHaveLength(5)
  expect(html.match(/login failed/g)).toHaveLength(10)
})

test('what an account prefers is on every page from then on, and nowhere before the login', async () => {
  const headers = { cookie: mine.cookie }
  const read = async (path: string) => (await admin.get(path, headers)).text()
  expect(await read('/admin')).toMatch(/<html lang="en">.*<body [^>]*data-keys="on"/s)

  const kept = await admin.post('/admin/account/preferences', { theme: 'dark' }, headers)
  expect([kept.status, kept.headers.get('location')]).toEqual([303, '/admin/account?done=preferences'])
  for (const path of ['/admin', '/admin/sessions', '/admin/flows/repair-booking', '/admin/account?done=preferences'])
    expect(await read(path)).toMatch(/<html lang="en" data-theme="dark">.*<body [^>]*data-keys="off"/s)
  expect(await (await admin.get('/admin/login')).text()).not.toContain('data-theme')

  await admin.post('/admin/account/preferences', { theme: 'system', keys: 'on' }, headers)
  expect(await read('/admin')).toMatch(/<html lang="en">.*<body [^>]*data-keys="on"/s)
  await admin.post('/admin/account/preferences', { theme: 'purple' }, headers)
  expect(await read('/admin')).toMatch(/<html lang="en">/)
})
