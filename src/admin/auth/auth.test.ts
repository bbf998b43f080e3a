import { afterEach, beforeEach, expect, test } from 'bun:test'
import { type Admin, BASE, cookieOf, enter, openAdmin, PASSWORD } from '../../../test/admin-kit.ts'
import { addAccount, findAccount } from './accounts.ts'
import { passwordLink, setupLink } from './one-time-links.ts'
import { createPasswordQueue } from './password-queue.ts'

let admin: Admin
beforeEach(async () => {
  admin = await openAdmin()
})
afterEach(() => admin.close())

const HOUR = 3_600_000
const DAY = 24 * HOUR
const GUARDED = [
  '/admin',
  '/admin/',
  '/admin/sessions',
  '/admin/sessions/SF5A5VX4ZY5Q',
  '/admin/incidents',
  '/admin/health',
  '/admin/account',
  '/admin/export/sessions',
  '/admin/export/events?format=ndjson',
  '/admin/whatever/comes/later',
  '/admin/login/extra',
]

const login = (form: object = {}, headers: Record<string, string> = {}) =>
  admin.post('/admin/login', { name: 'ada', password: PASSWORD, ...form }, headers)

async function freshToken(): Promise<string> {
  const link = await setupLink(admin.deps, BASE)
  return new URL(link as string).searchParams.get('token') as string
}

const setupForm = (token: string, more: object = {}) => ({
  token,
  name: 'Ada',
  password: PASSWORD,
  again: PASSWORD,
  ...more,
})

test.each(GUARDED)('a guest at %s is sent to the login', async (path) => {
  const reply = await admin.get(path)
  expect(reply.status).toBe(303)
  expect(reply.headers.get('location')).toStartWith('/admin/login')
  expect(await reply.text()).toBe('')
})

test('a guest whose page asks through htmx is sent as a whole page', async () => {
  const reply = await admin.get('/admin/sessions?flow=x', { 'hx-request': 'true', 'hx-request-type': 'partial' })
  expect([reply.status, reply.headers.get('hx-redirect'), await reply.text()]).toEqual([200, '/admin/login', ''])
})

test.each([
  [`${BASE}/admin/sessions?flow=x&ending=lost`, '/admin/login?next=%2Fadmin%2Fsessions%3Fflow%3Dx%26ending%3Dlost'],
  ['https://elsewhere.example/admin/live', '/admin/login?next=%2Fadmin%2Flive'],
  ['https://elsewhere.example/', '/admin/login'],
  ['https://elsewhere.example//admin/live', '/admin/login'],
  ['no address', '/admin/login'],
])('a login that ended while the page %s asks through htmx leads to %s', async (shown, location) => {
  const headers = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-current-url': shown }
  expect((await admin.get('/admin/session-count?flow=x', headers)).headers.get('hx-redirect')).toBe(location)
  expect((await admin.post('/admin/data/run', {}, headers)).headers.get('hx-redirect')).toBe(location)
})

test('a guest may load what pages look like, and not what else lies beside it', async () => {
  const reply = await admin.get('/assets/css/base.css')
  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-type')).toStartWith('text/css')
  expect(reply.headers.get('cache-control')).toBe('no-cache')
  const again = await admin.get('/assets/css/base.css', { 'if-none-match': reply.headers.get('etag') as string })
  expect(again.status).toBe(304)
  for (const path of ['/assets/vendor/README.md', '/assets/%2e%2e/package.json', '/assets/..%2fpackage.json'])
    expect((await admin.get(path)).status).toBe(404)
})

test('the setup link makes the account and logs in', async () => {
  const token = await freshToken()
  const form = await admin.get(`/admin/setup?token=${token}`)
  expect([form.status, await form.text()]).toEqual([200, expect.stringContaining('Make your account')])

  const made = await admin.post('/admin/setup', setupForm(token))
  expect([made.status, made.headers.get('location')]).toEqual([303, '/admin'])
  expect((await admin.get('/admin/sessions', { cookie: cookieOf(made) })).status).toBe(200)
})

test('the setup link works once, and there is no further one', async () => {
  const token = await freshToken()
  expect((await admin.post('/admin/setup', setupForm(token))).status).toBe(303)
  expect((await admin.post('/admin/setup', setupForm(token, { name: 'Eve' }))).status).toBe(403)
  expect((await admin.get(`/admin/setup?token=${token}`)).headers.get('location')).toBe('/admin/login')
  expect(await setupLink(admin.deps, BASE)).toBeUndefined()
})

test('of several who use the setup link at once exactly one gets the account', async () => {
  const token = await freshToken()
  const replies = await Promise.all(
    ['a', 'b', 'c'].map((name) => admin.post('/admin/setup', setupForm(token, { name }))),
  )
  expect(replies.map((reply) => reply.status).sort()).toEqual([303, 403, 403])
})

test.each(['to the first account', 'to the password of an account'])(
  'a link %s that is replaced while its form waits for the password is refused, and the new one works',
  async (what) => {
    const isFirst = what === 'to the first account'
    const queue = createPasswordQueue()
    let replace = async () => {}
    const hash = (password: string) => replace().then(() => queue.hash(password))
    await reopen({ passwords: { ...queue, hash } })
    const grace = isFirst ? undefined : await addAccount(admin.deps, { name: 'grace', epoch: 'one' })
    const freshForm = async (): Promise<ReturnType<typeof setupForm>> => {
      if (!grace) return setupForm(await freshToken())
      const { searchParams } = new URL(await passwordLink(admin.deps, grace, BASE))
      return setupForm(searchParams.get('token') as string, { account: 'grace', name: 'grace' })
    }
    const old = await freshForm()
    let fresh = old
    replace = async () => {
      replace = async () => {}
      fresh = await freshForm()
    }
    const refused = await admin.post('/admin/setup', { ...old, password: `${PASSWORD}!`, again: `${PASSWORD}!` })
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('no longer works')])
    expect((await findAccount(admin.deps, grace ? 'grace' : 'ada'))?.passwordHash).toBeUndefined()
    expect((await admin.post('/admin/setup', fresh)).status).toBe(303)
    expect((await login({ name: grace ? 'grace' : 'ada' })).status).toBe(303)
  },
)

test('a name of many marks, in no order, is looked up like any other', async () => {
  const named = (pairs: number) => `a${'\u0301\u0316'.repeat(pairs)}`
  expect((await admin.get(`/admin/setup?token=x&account=${named(250_000)}`)).status).toBe(403)
  for (let times = 0; times < 50; times++)
    expect((await admin.post('/admin/setup', setupForm('x', { account: named(1_300) }))).status).toBe(403)
})

test.each([
  ['a made-up one', async () => 'made-up'],
  ['none', async () => ''],
  ['one that a newer replaced', async () => [await freshToken(), await freshToken()][0] as string],
  [
    'one of yesterday',
    async () => {
      const token = await freshToken()
      admin.time.now += DAY
      return token
    },
  ],
])('a setup token is refused: %s', async (_, token) => {
  const sent = await token()
  expect((await admin.get(`/admin/setup?token=${sent}`)).status).toBe(403)
  expect((await admin.post('/admin/setup', setupForm(sent))).status).toBe(403)
})

test.each([
  ['a short password', { password: 'nine char', again: 'nine char' }, 'at least 10 characters'],
  ['two different passwords', { again: `${PASSWORD}!` }, 'not the same'],
  ['no name', { name: '  ' }, 'Enter a name'],
])('setup says what is wrong and keeps the link: %s', async (_, more, problem) => {
  const token = await freshToken()
  const reply = await admin.post('/admin/setup', setupForm(token, more))
  expect([reply.status, await reply.text()]).toEqual([422, expect.stringContaining(problem)])
  expect((await admin.post('/admin/setup', setupForm(token))).status).toBe(303)
})

test('before there is an account the login says where the link is', async () => {
  expect(await (await admin.get('/admin/login')).text()).toContain('one-time link')
  expect((await login()).status).toBe(401)
})

test('the name may be typed in any case, and the login leads back to the wanted page', async () => {
  await enter(admin)
  const sent = await admin.get('/admin/sessions?ending=lost')
  const next = new URL(sent.headers.get('location') as string, BASE).searchParams.get('next') as string
  const reply = await login({ name: ' ADA ', next })
  expect([reply.status, reply.headers.get('location')]).toEqual([303, '/admin/sessions?ending=lost'])
})

test.each(['https://evil.test/', '//evil.test', '/admin/\\evil.test', '/admin/../../x y', '/elsewhere', ''])(
  'the login never leads away: %p',
  async (next) => {
    await enter(admin)
    expect((await login({ next })).headers.get('location')).toBe('/admin')
  },
)

test('a wrong name and a wrong password get the same answer', async () => {
  await enter(admin)
  const [wrongName, wrongPassword] = [await login({ name: 'mallory' }), await login({ password: 'wrong wrong wrong' })]
  expect([wrongName.status, wrongPassword.status]).toEqual([401, 401])
  const [a, b] = [await wrongName.text(), await wrongPassword.text()]
  expect(a.replace('mallory', 'ada')).toBe(b)
  expect(a).toContain('The name or the password is wrong.')
})

test('too many wrong tries have to wait, however right the next one is; a right one costs nothing', async () => {
  await enter(admin)
  for (let index = 0; index < 12; index++) expect((await login()).status).toBe(303)
  for (let index = 0; index < 10; index++) expect((await login({ password: 'wrong' })).status).toBe(401)
  const refused = await login()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30'])
  expect(await refused.text()).toContain('Try again in 30 seconds.')
  admin.time.now += 30_000
  expect((await login()).status).toBe(303)
})

/** The header that a proxy in front sets. */
const from = (address: string) => ({ 'x-forwarded-for': address })

async function reopen(options: Parameters<typeof openAdmin>[0]): Promise<void> {
  await admin.close()
  admin = await openAdmin(options)
}

const BEHIND_PROXY = { server: { trusted_proxies: 1 } }

async function behindProxy(): Promise<{ device: string }> {
  await reopen(BEHIND_PROXY)
  return enter(admin)
}

test('wrong tries with the owner’s name from elsewhere keep nobody out, while they last', async () => {
  await behindProxy()
  const crowd = () => Promise.all(Array.from({ length: 10 }, () => login({ password: 'wrong' }, from('203.0.113.9'))))
  for (let second = 0; second < 5; second++) {
    const replies = await crowd()
    for (const { status, headers } of replies.filter(({ status }) => status !== 401)) {
      expect([429, 503]).toContain(status)
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect((await login({}, from('198.51.100.7'))).status).toBe(303)
  }
  expect((await login({}, from('203.0.113.9'))).status).toBe(429)
})

test('a browser that has logged in before has tries of its own, wherever it and the strangers are', async () => {
  const { device } = await behindProxy()
  const office = from('203.0.113.9')
  for (let index = 0; index < 12; index++) await login({ password: 'wrong' }, office)
  expect((await login({}, office)).status).toBe(429)
  expect((await login({}, { ...office, cookie: device })).status).toBe(303)
  expect((await login({ password: 'wrong' }, { ...office, cookie: device })).status).toBe(401)
  expect((await login({}, { ...office, cookie: `${device}x` })).status).toBe(429)
  expect((await login({ name: 'grace' }, { ...office, cookie: device })).status).toBe(401)
})

test('too many logins at once get a 503 with a retry time, and a known browser goes first', async () => {
  await reopen({ ...BEHIND_PROXY, passwords: createPasswordQueue() })
  const { device } = await enter(admin)
  const strangers = Array.from({ length: 30 }, (_, index) => login({ name: `name ${index}` }, from(`10.0.0.${index}`)))
  const known = login({}, { ...from('10.0.9.9'), cookie: device })
  const replies = await Promise.all(strangers)
  const busy = replies.filter(({ status }) => status === 503)
  expect(busy.length).toBeGreaterThanOrEqual(15)
  expect(busy.map(({ headers }) => headers.get('retry-after'))).toEqual(busy.map(() => '2'))
  expect(await busy[0]?.text()).toContain('Too many people are logging in')
  expect(replies.every(({ status }) => status === 503 || status === 401)).toBe(true)
  expect((await known).status).toBe(303)
})

test('a form that was not sent from our pages does nothing', async () => {
  const { cookie } = await enter(admin)
  const foreign = [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': '', origin: 'http://evil.test' }]
  for (const headers of foreign) {
    const reply = await admin.post('/admin/logout', {}, { cookie, ...headers })
    expect([reply.status, await reply.text()]).toEqual([403, expect.stringContaining('nothing was done')])
  }
  expect((await admin.send('/admin/login', { method: 'POST', body: 'name=ada' })).status).toBe(403)
  expect((await admin.get('/admin/sessions', { cookie })).status).toBe(200)
})

test('an account of an earlier version, which had but one, logs in as before', async () => {
  const value = { name: 'ada', passwordHash: await admin.deps.passwords.hash(PASSWORD) }
  await admin.store.putDocument({ kind: 'account', key: 'owner', value }, { now: admin.time.now })
  const reply = await login()
  expect(reply.status).toBe(303)
  expect((await admin.get('/admin/sessions', { cookie: cookieOf(reply) })).status).toBe(200)
  expect((await admin.store.documents('devices', admin.time.now)).map(({ key }) => key)).toEqual(['ada'])
})

test('a form of any size is not read beyond what ours can be', async () => {
  const reply = await login({ password: 'x'.repeat(1_000_000) })
  expect([reply.status, await reply.text()]).toEqual([422, expect.stringContaining('too large')])
})

test('a login ends after a week without a visit, and each visit puts that off', async () => {
  const { cookie } = await enter(admin)
  const status = async () => (await admin.get('/admin/health', { cookie })).status
  admin.time.now += 6 * DAY
  expect(await status()).toBe(200)
  admin.time.now += 6 * DAY
  expect(await status()).toBe(200)
  admin.time.now += 7 * DAY
  expect(await status()).toBe(303)
})

test('a login ends after a month, however often it is used', async () => {
  const { cookie } = await enter(admin)
  const status = async () => (await admin.get('/admin/health', { cookie })).status
  for (let day = 1; day < 30; day++) {
    admin.time.now += DAY
    expect([day, await status()]).toEqual([day, 200])
  }
  admin.time.now += DAY
  expect(await status()).toBe(303)
})

test('logging out ends the login on our side, not just in the browser', async () => {
  const { cookie } = await enter(admin)
  const reply = await admin.post('/admin/logout', {}, { cookie })
  expect(reply.headers.get('set-cookie')).toContain('Max-Age=0')
  expect((await admin.get('/admin/sessions', { cookie })).status).toBe(303)
})

test.each([
  ['nothing', 'screentrail='],
  ['no secret', 'screentrail=abc'],
  ['another name', 'session=a.b'],
])('a cookie of %s is nobody', async (_, cookie) => {
  expect((await admin.get('/admin/sessions', { cookie })).status).toBe(303)
})

test('a secret does not open another login, nor does a longer or shorter one', async () => {
  const { cookie } = await enter(admin)
  const other = cookieOf(await login())
  const [[, id = ''], [, secret = '']] = [cookie.split(/[=.]/), other.split('.')]
  for (const value of [`${id}.${secret}`, `${cookie.split('=')[1]}x`, cookie.split('=')[1]?.slice(0, -1)])
    expect((await admin.get('/admin/sessions', { cookie: `screentrail=${value}` })).status).toBe(303)
})

test('the cookie is kept from scripts and other sites, and from plain http where there is https', async () => {
  await enter(admin)
  const plain = (await login()).headers.getSetCookie()
  expect(plain).toEqual([
    expect.stringMatching(/^screentrail=[\w-]+\.[\w-]+; Path=\/admin; Max-Age=\d+; HttpOnly; SameSite=Lax$/),
    expect.stringMatching(/^screentrail-device=[\w-]+\.[\w-]+; Path=\/admin; Max-Age=\d+; HttpOnly; SameSite=Lax$/),
  ])

  await reopen({ server: { public_url: 'https://flows.example.com' } })
  await enter(admin)
  const secure = (await login()).headers.getSetCookie()
  expect(secure).toEqual(
    ['screentrail', 'screentrail-device'].map((name) =>
      expect.stringMatching(
        new RegExp(`^__Secure-${name}=[\\w-]+\\.[\\w-]+; Path=/admin; Max-Age=\\d+; Secure; HttpOnly; SameSite=Lax$`),
      ),
    ),
  )
})

test('the store holds no secret that opens anything', async () => {
  await reopen({ passwords: createPasswordQueue() })
  const token = await freshToken()
  const setup = await admin.store.getDocument('setup', 'link', admin.time.now)
  expect(JSON.stringify(setup)).not.toContain(token)
  const cookies = (await admin.post('/admin/setup', setupForm(token))).headers.getSetCookie()
  const kept = await Promise.all(
    ['login', 'devices', 'account'].map((kind) => admin.store.documents(kind, admin.time.now)),
  )
  expect(kept.map((documents) => documents.length)).toEqual([1, 1, 1])
  for (const cookie of cookies) {
    const [, id = '', secret = ''] = /=([\w-]+)\.([\w-]+);/.exec(cookie) ?? []
    expect(JSON.stringify(kept)).toContain(id)
    expect(JSON.stringify(kept)).not.toContain(secret)
  }
  expect(JSON.stringify(kept)).toContain('$argon2id$')
})

test('the audit log says who came and who tried, and not what they typed', async () => {
  const { cookie } = await enter(admin)
  await login({ name: 'my password by mistake' })
  for (let index = 0; index < 3; index++) await login({ password: 'wrong' })
  await admin.deps.failedLogins.summarise(true)
  await admin.post('/admin/logout', {}, { cookie })
  const audits = await admin.store.audits(10)
  expect(audits.map(({ who, what, detail }) => `${who} ${what} ${detail}`)).toEqual([
    'ada logout ',
    'somebody login_failed as ada from unknown within the hour: 2 more',
    'somebody login_failed as ada from unknown',
    'somebody login_failed from unknown',
    'ada setup from unknown',
  ])
  expect(JSON.stringify(audits)).not.toContain('mistake')
})
