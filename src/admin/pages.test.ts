import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Admin, bookedTrail, enter, lostTrail, openAdmin } from '../../test/admin-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'

// All tests share one seeded admin: they change nothing in the store except the audit log.
let admin: Admin
let cookie: string
beforeAll(async () => {
  admin = await openAdmin({ server: { timezone: 'Europe/Helsinki' } })
  await admin.seed([
    ...bookedTrail('tok-booked', START),
    ...lostTrail('tok-lost', START + HOUR),
    ...OPEN,
    ...XSS,
    ...UNTRACKED,
  ])
  await admin.store.addIncidents(INCIDENTS, 1_000)
  cookie = (await enter(admin)).cookie
})
afterAll(() => admin.close())

const HOUR = 3_600_000
const SCRIPT = '<script>alert(1)</script>'
const IMAGE = '"><img src=x onerror=alert(1)>'

const OPEN = lostTrail('tok-open', START + 46 * HOUR)
const UNTRACKED = [eventOf({ token: 'unused' }), eventOf({ token: '' })]
const XSS = [
  eventOf({
    token: SCRIPT,
    at: START + 2 * HOUR,
    screen: IMAGE,
    next: IMAGE,
    trigger: SCRIPT,
    input: { [SCRIPT]: IMAGE },
  }),
  eventOf({
    token: SCRIPT,
    at: START + 2 * HOUR + 60_000,
    screen: IMAGE,
    next: IMAGE,
    outcome: 'rejected',
    errors: [{ code: SCRIPT, field: IMAGE, rule: SCRIPT, message: 'javascript:alert(1)' }],
  }),
]
const INCIDENTS = (['decrypt_failed', 'decrypt_failed', 'unknown_flow'] as const).map((category, index) => ({
  id: `incident-${index}`,
  at: START + index,
  category,
  flow: category === 'unknown_flow' ? SCRIPT : 'repair-booking',
  detail: `found ${IMAGE}`,
  count: index === 0 ? 500 : 1,
}))

const read = async (path: string, headers: Record<string, string> = {}) =>
  (await admin.get(path, { cookie, ...headers })).text()

const linksIn = (html: string) =>
  [...html.matchAll(/href="(\/admin\/sessions\/[^"]+)"/g)].map(([, link]) => link as string)

async function openFirst(path: string): Promise<string> {
  const [link = ''] = linksIn(await read(path))
  return read(link)
}

/** The tags as a browser reads them: a `<` inside a quoted value starts no tag. */
const tagsIn = (html: string) =>
  [...html.matchAll(/<([a-z]+)((?:"[^"]*"|[^">])*)>/g)].map(([, name, rest = '']) => ({
    name,
    attributes: Object.fromEntries(
      [...rest.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [key, value ?? '']),
    ),
  }))

const textOf = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

test('the admin starts with the overview, which leads to each flow', async () => {
  const html = await read('/admin')
  expect(textOf(html)).toContain('Overview')
  expect(html).toContain('href="/admin/flows/repair-booking"')
})

test.each([
  ['/admin', 200],
  ['/admin/flows/repair-booking', 200],
  ['/admin/flows/repair-booking?by=nonsense', 400],
  ['/admin/flows/nothing-like-it', 404],
  ['/admin/sessions', 200],
  ['/admin/sessions?flow=nothing-like-it', 404],
  ['/admin/sessions?ending=nonsense', 400],
  ['/admin/incidents', 200],
  ['/admin/health', 200],
  ['/admin/account', 200],
  ['/admin/login', 200],
  ['/admin/setup', 303],
  ['/admin/sessions/nobody', 404],
  ['/admin/no-such-page', 404],
])('%s answers %i with every security header and nothing inline', async (path, status) => {
  const reply = await admin.get(path, { cookie })
  const html = await reply.text()
  expect(reply.status).toBe(status)
  expect(reply.headers.get('content-security-policy')).toContain(
    "default-src 'none'; script-src 'self'; style-src 'self'",
  )
  expect(Object.fromEntries(reply.headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  })
  if (status !== 303) expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8')
  for (const { name, attributes } of tagsIn(html)) {
    expect(name).not.toBe('style')
    for (const attribute of Object.keys(attributes)) expect(attribute).not.toMatch(/^(style|on.*|hx-on.*)$/)
    if (name === 'script' || name === 'img') expect(attributes.src).toStartWith('/assets/')
    if (attributes.href !== undefined) expect(attributes.href).toMatch(/^(\/admin(?:[/?]|$)|\/assets\/|#)/)
  }
})

test('the list has newest first, with ending, way and friction of each', async () => {
  const html = await read('/admin/sessions')
  const rows = [...html.matchAll(/<tr><th scope="row">.*?<\/tr>/g)].map(([row]) => textOf(row))
  expect(rows.map((row) => row.match(/completed|open|lost/)?.[0])).toEqual(['open', 'lost', 'lost', 'completed'])
  expect(rows[0]).toContain('4 Mar 2026, 09:00')
  expect(rows[3]).toContain('CONFIRMATION 4 of 4 4 of 4 1.8 min 6 1')
  expect(html).toContain('<time datetime="2026-03-02T09:00:00.000Z"')
})

test('the totals are above the list, with the number of events without a token', async () => {
  for (const filter of ['', '?ending=lost', '?from=2026-03-03']) {
    const text = textOf(await read(`/admin/sessions${filter}`))
    expect(text).toContain('Completed 1 reached the end Open 1 may still come back Lost 2 left before the end')
    expect(text).toContain('Refused requests 502 see Incidents')
    expect(text).toContain('2 events came without a flow token of their own')
    expect(text).toContain('Of everything that is stored; the filters below do not change these counts.')
  }
})

test.each([
  ['ending=completed', 1],
  ['ending=lost', 2],
  ['ending=open', 1],
  ['exit=DATE_TIME', 2],
  ['token=tok-lost', 1],
  ['token=tok-lo', 0],
  ['flow=repair-booking', 4],
  ['exit=NOWHERE', 0],
  ['from=2026-03-03', 1],
  ['until=2026-03-02', 3],
  ['from=2026-03-02&until=2026-03-02', 3],
  ['from=2026-03-04&until=2026-03-04', 1],
  ['ending=lost&exit=DATE_TIME', 1],
  ['flow=&ending=&exit=&token=&from=&until=', 4],
])('filter %s finds %i', async (search, count) => {
  expect(linksIn(await read(`/admin/sessions?${search}`))).toHaveLength(count)
})

test.each([
  ['ending=nonsense', 400, '`ending` is "nonsense"; expected completed, open or lost.'],
  ['from=2026-99-99', 400, '`from` is "2026-99-99"; expected a day such as 2026-11-22'],
  ['flow=other', 404, 'There is no flow "other"; the flows are repair-booking.'],
])('filter %s answers %i with a sentence', async (search, status, sentence) => {
  const reply = await admin.get(`/admin/sessions?${search}`, { cookie })
  const text = textOf(await reply.text()).replaceAll('&quot;', '"')
  expect([reply.status, text.includes(sentence)]).toEqual([status, true])
  expect(text).toContain('Show it without filters')
})

test('htmx gets the list alone, and an address bar without the empty fields', async () => {
  const headers = { cookie, 'hx-request': 'true', 'hx-request-type': 'partial' }
  const reply = await admin.get('/admin/sessions?flow=&ending=lost&exit=&token=&from=&until=', headers)
  const html = await reply.text()
  expect(html).toStartWith('<div class="results-head">')
  expect(linksIn(html)).toHaveLength(2)
  expect(reply.headers.get('hx-push-url')).toBe('/admin/sessions?ending=lost')
  expect(reply.headers.get('vary')).toContain('HX-Request-Type')
})

test('what was filtered by stays in the form and goes into the export', async () => {
  const html = await read('/admin/sessions?ending=lost&exit=DATE_TIME')
  expect(html).toContain('<option value="lost" selected>')
  expect(html).toContain('href="/admin/export/sessions?ending=lost&amp;exit=DATE_TIME"')
  expect(html).toContain('href="/admin/export/events?ending=lost&amp;exit=DATE_TIME"')
  expect(html).toContain('href="/admin/export/events?ending=lost&amp;exit=DATE_TIME&amp;format=excel"')
})

test('an empty list says what to do: filters on the one hand, a first session on the other', async () => {
  expect(textOf(await read('/admin/sessions?exit=NOWHERE'))).toContain('No session matches')
  const fresh = await openAdmin({ server: { public_url: 'https://flows.example.com/' } })
  const html = await (await fresh.get('/admin/sessions', await enter(fresh))).text()
  await fresh.close()
  expect(textOf(html)).toContain('Nobody has opened a flow yet')
  expect(html).toContain('<code>https://flows.example.com/flows/repair-booking</code>')
})

test('a flow that is not there leads to those that are', async () => {
  const reply = await admin.get('/admin/flows/other?by=hour', { cookie })
  expect(reply.status).toBe(404)
  expect(await reply.text()).toContain('>Go to the overview</a>')
})

test('older pages follow each other without a gap or a double, and lead back to the newest', async () => {
  const many = await openAdmin()
  await many.seed(Array.from({ length: 120 }, (_, index) => lostTrail(`tok-${index}`, START + index * 60_000)).flat())
  const headers = await enter(many)
  const seen: string[] = []
  let path: string | undefined = '/admin/sessions?ending=lost'
  let pages = 0
  while (path) {
    const html: string = await (await many.get(path.replaceAll('&amp;', '&'), headers)).text()
    seen.push(...linksIn(html))
    expect(/href="\/admin\/sessions\?ending=lost"[^>]*>(<svg.*?<\/svg>)?Newest/.test(html)).toBe(pages > 0)
    path = html.match(/href="([^"]+)" rel="next"/)?.[1]
    pages++
  }
  await many.close()
  expect([pages, seen.length, new Set(seen).size]).toEqual([3, 120, 120])
})

test('a session shows who, how far, and each step of the way', async () => {
  const text = textOf(await openFirst('/admin/sessions?token=tok-booked'))
  for (const fact of [
    'tok-booked',
    'completed',
    '4 of 4',
    'Friction 1 reject',
    'service routine',
    'times in Europe/Helsinki',
  ])
    expect(text).toContain(fact)
  expect(text).toContain('DATE_TIME 41 s · submitted 1 refusal CONTACT_INFO 37 s · submitted')
})

test('the timeline shows inputs after the policy, errors, times and sizes', async () => {
  const text = textOf(await openFirst('/admin/sessions?token=tok-booked'))
  expect(text).toContain(
    '+14 s 11:00:14.000 Submitted SERVICE_SELECTION DATE_TIME shown service routine after 14 s on the screen',
  )
  expect(text).toContain('answered in 187 ms, of which 183 ms waiting for outside APIs · 612 B in, 480 B out')
  expect(text).toContain(
    'DATE_TIME rejected date 2026-03-01 slot s2 date Pick a day from today on invalid_field, rule min',
  )
  expect(text).toContain('phone pseudonym h:5GQm2f8Zk1 note 12 characters, not kept card ••••1234')
  expect(text).not.toContain('$length')
})

test('a second tap is marked as a repeat, the first is not', async () => {
  const html = await openFirst('/admin/sessions?token=tok-lost')
  const events = html.split('<li class="event ').slice(1)
  expect(events.map((event) => event.includes('>repeat<'))).toEqual([false, false, true])
  expect(textOf(html)).toContain('3, of which 1 repeat')
})

test.each(['/admin/sessions', '/admin/incidents'])('%s shows what strangers sent as text', async (path) => {
  const html = await read(path)
  expect(html).toContain('&lt;')
  expect(html).not.toContain(SCRIPT)
  expect(html).not.toContain('<img src=x')
})

test('a session full of markup is text as well', async () => {
  const html = await openFirst(`/admin/sessions?token=${encodeURIComponent(SCRIPT)}`)
  expect(textOf(html)).toContain('&lt;script>alert(1)&lt;/script>')
  expect(html).not.toContain(SCRIPT)
  expect(html).not.toMatch(/<img (?!src="\/assets\/)/)
  expect(html).not.toContain('href="javascript:')
})

test('a session that is not there says so and leads back', async () => {
  const reply = await admin.get('/admin/sessions/NOSUCHSESSIO', { cookie })
  expect([reply.status, await reply.text()]).toEqual([404, expect.stringContaining('href="/admin/sessions"')])
})

test('incidents are counted for what they stand for, with meaning and fix', async () => {
  const text = textOf(await read('/admin/incidents'))
  expect(text).toContain('501 Could not be decrypted The request was encrypted for another key than ours.')
  expect(text).toContain('0 Too large')
})

test('incidents of one kind can be looked at alone', async () => {
  const rows = (await read('/admin/incidents?category=unknown_flow')).match(/<th scope="row">/g)
  expect(rows).toHaveLength(1)
  expect((await read('/admin/incidents?category=nonsense')).match(/<th scope="row">/g)).toHaveLength(3)
})

test('health has the ledger as an equation, what is stored, and the config without its secrets', async () => {
  const html = await read('/admin/health')
  const text = textOf(html)
  expect(text).toMatch(
    /1,210 received .* = 1,204 stored .* \+ 4 repeated .* \+ 2 waiting .* \+ 0 quarantined .* \+ 0 dropped/,
  )
  expect(text).toContain('It balances')
  expect(text).toContain('2 events (12.5%) came without a flow token')
  expect(text).toContain('timezone: Europe/Helsinki')
  expect(html).not.toContain('never-shown')
})

test('health says so when the journal cannot be read or does not balance', async () => {
  const odd = await openAdmin({ ledger: async () => undefined })
  const unreadable = await (await odd.get('/admin/health', await enter(odd))).text()
  await odd.close()
  expect(unreadable).toContain('The journal cannot be read at the moment')

  const ledger = { received: 9, stored: 1, alreadyStored: 0, waiting: 0, quarantined: 0, dropped: 0 }
  const off = await openAdmin({ ledger: async () => ledger })
  const unbalanced = await (await off.get('/admin/health', await enter(off))).text()
  await off.close()
  expect(unbalanced).toContain('It does not balance')
})

test('a page that cannot be made says so without saying why, and htmx gets it in place', async () => {
  const broken = await openAdmin()
  const headers = await enter(broken)
  await broken.store.close()
  const reply = await broken.get('/admin/sessions', headers)
  const html = await reply.text()
  expect([reply.status, reply.headers.get('cache-control')]).toEqual([500, 'no-store'])
  expect(html).toContain('Something broke')
  expect(html).not.toContain('closed')
  const part = await broken.get('/admin/sessions', { ...headers, 'hx-request': 'true', 'hx-request-type': 'partial' })
  expect(await part.text()).toStartWith('<section class="card message">')
  await broken.close()
})

test('an export carries its name, its kind and the filters, and is written to the audit log', async () => {
  const reply = await admin.get('/admin/export/sessions?ending=lost', { cookie })
  expect(reply.headers.get('content-disposition')).toBe('attachment; filename="sessions-2026-03-04.csv"')
  expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(reply.headers.get('cache-control')).toBe('no-store')
  const lines = (await reply.text()).trimEnd().split('\r\n')
  expect([lines.length, lines[0]?.slice(0, 21)]).toEqual([3, 'session_id,flow_token'])
  const [audit] = await admin.store.audits(1, ['export_sessions'])
  expect(audit).toMatchObject({ who: 'ada', what: 'export_sessions', detail: 'csv, ?ending=lost' })
  const head = await admin.store.auditHead()
  const health = await (await admin.get('/admin/health', { cookie })).text()
  expect(health).toContain(`screentrail doctor --audit-entry ${head?.number}:${head?.hash}`)
})

test('an export for Excel has its byte order mark, and a name of its own', async () => {
  const reply = await admin.get('/admin/export/sessions?format=excel', { cookie })
  expect(reply.headers.get('content-disposition')).toBe('attachment; filename="sessions-2026-03-04-excel.csv"')
  expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(Buffer.from(await reply.bytes()).toString()).toStartWith('\uFEFFsession_id;flow_token;')
})

test('an export as NDJSON has one object a line', async () => {
  const reply = await admin.get('/admin/export/events?format=ndjson&token=tok-booked', { cookie })
  const rows = (await reply.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rows.map((row) => row.action)).toEqual(['init', 'submit', 'submit', 'submit', 'submit', 'submit'])
  expect(reply.headers.get('content-disposition')).toContain('.ndjson"')
})

test('the incidents say when requests are signed with another app’s secret, and not when a stranger tries', async () => {
  for (const [ours, foreign, isSaid] of [
    [0, 2, false],
    [0, 3, true],
    [40, 39, false],
  ] as const) {
    const other = await openAdmin({ signatures: { since: START, ours, foreign } })
    const text = await (await other.get('/admin/incidents', await enter(other))).text()
    if (isSaid)
      expect(text).toMatch(/Since the start at \S+, 3 of 3 signed requests .+ the app secret in meta\.app_secrets/)
    else expect(text).not.toContain('signed requests')
    await other.close()
  }
})
