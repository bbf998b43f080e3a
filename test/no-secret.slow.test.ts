// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what the config reads, not a slip.
// Texts that nobody could overlook, in every place of a config where a secret is or may be filled in: none of them, and no piece
// of one, is in anything that any command prints, logs or shows.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pMap from 'p-map'
import { createCookieClient } from './cookie-client.ts'
import { clientOf, type Folder, makeFolder } from './kit.ts'
import { run, serve, start as startOnTerminal } from './process.ts'
import { until } from './until.ts'

const USER = 'Uqxzvkj7wbfh'
const PASSWORD = 'Pzq#jx@vk/w:8?bh%gy'
const ENV = {
  APP_SECRET: 'Aqzjx-kvwbh-71936',
  API_TOKEN: 'Tqzjx-kvwbh-28457-more',
  METRICS_TOKEN: 'Mqzjx-kvwbh-39562-more',
  HEADER: 'Hqzjx-kvwbh-40271',
  ANYWHERE: 'Wqzjx-kvwbh-51384',
  DATA: 'Dqzjx-kvwbh-62495',
  PASSPHRASE: 'Fqzjx kvwbh 73516',
}
const IN_FILE = 'Lqzjx-kvwbh-84627'
const QUERY = 'Qqzjx-kvwbh-95738'

/** A driver or a parser quotes pieces, in whatever form it holds them. */
const PIECE = 6
const secrets = [USER, PASSWORD, IN_FILE, QUERY, ...Object.values(ENV)]
const forms = secrets.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  JSON.stringify(secret).slice(1, -1),
])
const pieces = [
  ...new Set(forms.flatMap((form) => [...form].slice(PIECE - 1).map((_, at) => form.slice(at, at + PIECE)))),
]

function expectNone(text: string, where: string): void {
  const found = pieces.filter((piece) => text.includes(piece))
  expect([where, found.length, text.split('\n').filter((line) => found.some((piece) => line.includes(piece)))]).toEqual(
    [where, 0, []],
  )
}

const configOf = (storeUri: string) => `
server: { metrics_token: "\${METRICS_TOKEN}", public_url: "http://localhost:8080/wa" }
api: { tokens: ["\${API_TOKEN}"] }
meta:
  app_secrets: ["\${APP_SECRET}", "\${file:secret.txt}"]
  keys: [{ pem: "\${PEM}", passphrase: "\${PASSPHRASE}" }]
store: { uri: "${storeUri}" }
flows:
  booking:
    start: A
    failure_message: "\${ANYWHERE}"
    screens:
      A: { ask: { slots: { else: [] } }, data: { x: { expr: api.slots.body }, y: "\${DATA}" }, next: B }
      B: {}
    apis:
      slots: { url: "http://${USER}:${encodeURIComponent(PASSWORD)}@localhost:1/x?key=${QUERY}", headers: { Authorization: "\${HEADER}" } }
`

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: ENV.PASSPHRASE },
})
const WITH_NEWLINES = Object.fromEntries(Object.entries(ENV).map(([name, value]) => [name, `${value}\n`]))
const env = { ...WITH_NEWLINES, PEM: privateKey.replaceAll('\n', '\\n') }

let folder: Folder
beforeEach(async () => {
  folder = await makeFolder()
  await writeFile(join(folder.path, 'secret.txt'), `${IN_FILE}\r\n`)
})
afterEach(() => folder.remove())

const configure = (storeUri: string) => writeFile(folder.config, configOf(storeUri))

const OF_ANY_CONFIG = [['check'], ['doctor', '--port', '1'], ['export', 'sessions']] as const
const OF_A_GOOD_ONE = [
  ['doctor', '--port', '1', '--json'],
  ['rebuild', '--dry-run'],
  ['simulate', '--sessions', '1', '--url', 'http://localhost:1/flows/booking'],
  ['keygen', '--out', 'more-keys'],
] as const
const OF_A_REFUSED_ONE = [['serve', '--port', '0'], ['simulate']] as const

const ENCODED = encodeURIComponent(PASSWORD)

async function expectNoneOf(commands: readonly (readonly string[])[]): Promise<void> {
  const check = async (command: readonly string[]) => {
    const { stdout, stderr } = await run(command, folder.path, env)
    expect(stdout + stderr).not.toBe('')
    expectNone(stdout + stderr, command.join(' '))
  }
  await pMap(commands, check, { concurrency: 4 })
}

test.each([
  ['a store on this disk', 'sqlite:data/screentrail.db'],
  ['a MongoDB that is not there', `mongodb://${USER}:${ENCODED}@localhost:1/trails?authSource=admin`],
  ['one that cannot be found', `mongodb+srv://${USER}:${ENCODED}@nowhere.invalid/trails`],
])(
  'no command prints one, with %s',
  async (_, storeUri) => {
    await configure(storeUri)
    expect(await run(['check'], folder.path, env)).toMatchObject({ code: 0, stderr: '' })
    await expectNoneOf([...OF_ANY_CONFIG, ...OF_A_GOOD_ONE])
  },
  180_000,
)

test.each([
  ['a password that is not encoded', `mongodb://${USER}:${PASSWORD}@localhost:1/trails`],
  ['a half of it encoded', `mongodb://${USER}:${PASSWORD.replace('@', '%40')}@localhost:1/trails`],
  ['no host', `mongodb://${USER}:${ENCODED}`],
  ['a port in the password', `mongodb://${USER}:${PASSWORD}`],
  ['another store', `postgres://${USER}:${PASSWORD}@localhost/trails`],
  [
    'a secret among the options',
    `mongodb://localhost:1/trails?tlsCertificateKeyFilePassword=${QUERY}&${QUERY}&x=${QUERY}`,
  ],
])(
  'no command prints one that is refused for %s',
  async (_, storeUri) => {
    await configure(storeUri)
    expect((await run(['check'], folder.path, env)).stderr).toMatch(/^config\.yaml:\d+:\d+ `uri` [^\n]+\n$/)
    await expectNoneOf([...OF_ANY_CONFIG, ...OF_A_REFUSED_ONE])
  },
  180_000,
)

test('init tells nothing of a store that it refuses', async () => {
  const { code, stderr, stdout } = await run(
    ['init', 'other', '--store', `mongodb://${USER}:${PASSWORD}@host/x`],
    folder.path,
  )
  expect(code).toBe(1)
  expect(stderr).toContain('--store is no address that the driver of MongoDB takes')
  expectNone(stdout + stderr, 'init')
})

test('a server whose store is away logs none, nor does any of its answers have one', async () => {
  await configure(`mongodb://${USER}:${ENCODED}@localhost:1/trails`)
  const started = startOnTerminal(['serve', '--port', '0', '--log-level', 'trace'], folder.path, env)
  await until('it is up', () => /up on port \d+/.test(started.output()))
  const port = Number(/up on port (\d+)/.exec(started.output())?.[1])
  await until('the store is given up', () => started.output().includes('the store is not there yet'))
  const texts = await Promise.all(
    ['/admin', '/admin/login', '/ready', '/metrics', '/api/v1/flows', '/nowhere'].map(async (path) => {
      const headers = { authorization: `Bearer ${ENV.API_TOKEN}` }
      const reply = await fetch(`http://localhost:${port}${path}`, { headers, redirect: 'manual' })
      return `${[...reply.headers].join('\n')}\n${await reply.text()}`
    }),
  )
  for (const text of texts) expectNone(text, 'an answer')
  started.signal('SIGTERM')
  await started.ended
  expectNone(started.output(), 'serve')
}, 120_000)

test('no page, answer or metric of a server at work has one', async () => {
  await configure('sqlite:data/screentrail.db')
  const served = await serve(folder, [], [], env)
  const base = `http://localhost:${served.port}`
  const client = clientOf(
    fetch,
    {
      ...folder,
      publicKey: createPublicKey(createPrivateKey({ key: privateKey, passphrase: ENV.PASSPHRASE })),
      appSecret: ENV.APP_SECRET,
    },
    base,
  )
  const step = (action: string, screen: string) => ({ version: '3.0', action, screen, data: {}, flow_token: 'person' })
  expect((await client.send('booking', step('INIT', ''))).status).toBe(200)
  expect((await client.send('booking', step('data_exchange', 'A'))).status).toBe(200)

  const visitor = createCookieClient()
  const LINK = /(\S+\/admin\/setup\?token=\S+)/
  await until('the link is printed', () => LINK.test(served.output()))
  const link = LINK.exec(served.output())?.[1]
  const setup = await visitor.go((link ?? '').replace('http://localhost:8080', base))
  const account = { name: 'Ada', password: 'three blind mice', again: 'three blind mice' }
  await visitor.submit(setup, /setup$/, account)
  expect((await visitor.go(`${base}/wa/admin/health`)).text).toContain('failure_message: ${ANYWHERE}')
  for (const path of ['sessions', 'incidents', 'health', 'export/events', 'nowhere'])
    expectNone((await visitor.go(`${base}/wa/admin/${path}`)).text, path)
  const headers = { authorization: `Bearer ${ENV.API_TOKEN}` }
  for (const path of ['/openapi.json', '/flows', '/sessions', '/flows/booking/errors', '/incidents', '/nowhere'])
    expectNone(await (await fetch(`${base}/api/v1${path}`, { headers })).text(), path)
  expectNone(await (await fetch(`${base}/metrics`)).text(), 'metrics')
  for (const args of [
    ['doctor'],
    ['doctor', '--json'],
    ['export', 'events'],
    ['rebuild'],
    ['simulate', '--sessions', '3', '--url', `${base}/flows/booking`],
  ]) {
    const { stdout, stderr } = await run(
      args[0] === 'doctor' ? [...args, '--port', String(served.port)] : args,
      folder.path,
      env,
    )
    expectNone(stdout + stderr, args.join(' '))
  }
  await served.stop()
  expectNone(served.output(), 'serve')
}, 120_000)
