// `init`, `check` and `keygen` as people run them: in a process of their own, judged by what they print and leave behind.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('init makes a folder whose config check finds good at once', async () => {
  const made = await run('init', ['fresh'], folder)
  expect(made).toMatchObject({ exitCode: 0, stderr: '' })
  expect(made.stdout).toContain('fresh/keys/flow-private.pem')

  const checked = await run('check', [], join(folder, 'fresh'))
  expect(checked).toMatchObject({ exitCode: 0, stderr: '' })
  expect(checked.stdout).toContain('config.yaml is good.')
  expect(checked.stdout).toContain('/flows/repair-booking, 5 screens, funnel SERVICE_SELECTION → DATE_TIME')
  expect(checked.stdout).not.toContain('Odd')
})

test('init lets only the owner read secrets and folders, and encrypts the private key', async () => {
  await run('init', ['modes'], folder)
  const mode = async (path: string) => ((await stat(join(folder, 'modes', path))).mode & 0o777).toString(8)
  for (const secret of ['flow-private.pem', 'flow-private.passphrase', 'pseudonym.key', 'app-secret'])
    expect(await mode(`keys/${secret}`)).toBe('600')
  expect(await mode('config.yaml')).toBe('600')
  expect(await mode('keys')).toBe('700')
  expect(await mode('data')).toBe('700')

  const key = (name: string) => readFile(join(folder, 'modes/keys', name), 'utf8')
  const pem = await key('flow-private.pem')
  expect(pem).toStartWith('-----BEGIN ENCRYPTED PRIVATE KEY-----')
  const opened = createPrivateKey({ key: pem, passphrase: (await key('flow-private.passphrase')).trim() })
  expect(opened.asymmetricKeyDetails?.modulusLength).toBe(2048)
  expect(createPublicKey(opened).export({ type: 'spki', format: 'pem' })).toBe(await key('flow-public.pem'))
})

test.each(['config.yaml', 'keys/pseudonym.key'])('init writes nothing at all when there is a %s', async (existing) => {
  const here = join(folder, existing.replaceAll('/', '-'))
  await mkdir(join(here, 'keys'), { recursive: true })
  await writeFile(join(here, existing), 'mine')

  const made = await run('init', ['.'], here)
  expect(made.exitCode).toBe(1)
  expect(made.stderr).toContain(`already:\n  ${existing}\n`)
  expect(await filesIn(here)).toEqual([existing])
  expect(await readFile(join(here, existing), 'utf8')).toBe('mine')
})

test('init says in one sentence why it cannot write', async () => {
  await writeFile(join(folder, 'a-file'), '')
  const made = await run('init', ['a-file'], folder)
  expect(made).toMatchObject({ exitCode: 1, stdout: '' })
  expect(made.stderr).toBe('Cannot write to a-file: a part of its path is not a folder\n')
})

test('check prints every mistake of every stage with its line and column', async () => {
  const here = join(folder, 'mistakes')
  await run('init', ['.'], here, { makeFolder: true })
  await writeFile(
    join(here, 'config.yaml'),
    `server: { port: eighty }
meta:
  app_secret: [x]
  signature: off
  keys:
    - { file: keys/flow-private.pem, passphrase: "\${NOT_SET_ANYWHERE}" }
session:
  gap: 24 hours
flows:
  booking:
    start: SERVICE
    screens:
      SERVICE_SELECTION:
        next: [{ when: "input.a =", to: SERVICE_SELECTION }]
`,
  )
  const checked = await run('check', ['--config', 'config.yaml'], here)
  expect(checked).toMatchObject({ exitCode: 1, stdout: '' })
  expect(checked.stderr.trimEnd().split('\n')).toEqual([
    'config.yaml:1:17 `port` must be a number, found "eighty"',
    'config.yaml:3:3 unknown key `app_secret` in `meta`; did you mean `app_secrets`?',
    'config.yaml:6:50 the environment variable NOT_SET_ANYWHERE is not set',
    'config.yaml:8:8 `gap`: expected a duration such as 800ms, 15s, 10m, 24h or 60d, found "24 hours"',
    'config.yaml:11:12 screen "SERVICE" is not defined; the screens are SERVICE_SELECTION',
    expect.stringMatching(/^config\.yaml:14:24 "input\.a =" is not a JSONata expression: .+ \(at character 9\)$/),
  ])
})

test.each([
  'a'.repeat(16),
  'a'.repeat(64),
  'passwordpassword',
  '0123456789abcdef',
  'ab'.repeat(20),
  'your-secret-key-here',
])('check refuses a key of the pseudonyms that can be guessed: %s', async (key) => {
  const name = `weak-${key}`
  await run('init', [name], folder)
  await writeFile(join(folder, name, 'keys/pseudonym.key'), `${key}\n`)
  const { exitCode, stderr } = await run('check', [], join(folder, name))
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(
    /^config\.yaml:\d+:\d+ the key of the pseudonyms, .+ made of words, .+; `screentrail init` makes one/,
  )
  expect(stderr).not.toContain(key)
})

test('check names a config that is not there and the command that makes one', async () => {
  const checked = await run('check', ['--config', 'nowhere.yaml'], folder)
  expect(checked.exitCode).toBe(1)
  expect(checked.stderr).toBe(
    'nowhere.yaml:1:1 cannot read the config: there is no such file; `screentrail init` makes one\n',
  )
})

test('keygen adds a second key beside the first, and the lines it prints make a config that is good', async () => {
  await run('init', ['rotation'], folder)
  const here = join(folder, 'rotation')
  const before = await filesIn(here)
  const made = await run('keygen', [], here)
  expect(made.exitCode).toBe(0)

  const added = (await filesIn(here)).filter((file) => !before.includes(file))
  expect(added).toEqual(['keys/flow-private-2.passphrase', 'keys/flow-private-2.pem', 'keys/flow-public-2.pem'])
  expect(made.stdout).toContain((await readFile(join(here, 'keys/flow-public-2.pem'), 'utf8')).trim())
  expect(made.stdout).toContain('--data-urlencode "business_public_key@keys/flow-public-2.pem"')
  expect(((await stat(join(here, 'keys/flow-private-2.pem'))).mode & 0o777).toString(8)).toBe('600')

  const printed = /^ {4}- file: .+\n {6}passphrase: .+\n/m.exec(made.stdout)?.[0] ?? ''
  const config = await readFile(join(here, 'config.yaml'), 'utf8')
  await writeFile(join(here, 'config.yaml'), config.replace('  keys:\n', `  keys:\n${printed}`))
  expect((await run('check', [], here)).stdout).toContain('2 private keys, opened')
})

test('keygen says in one sentence why it cannot write', async () => {
  await writeFile(join(folder, 'no-folder'), '')
  const made = await run('keygen', ['--out', 'no-folder'], folder)
  expect(made).toMatchObject({ exitCode: 1, stdout: '' })
  expect(made.stderr).toBe('Cannot write to no-folder: a part of its path is not a folder\n')
})

type Ran = { readonly exitCode: number; readonly stdout: string; readonly stderr: string }

async function run(
  command: 'init' | 'check' | 'keygen',
  args: readonly string[],
  cwd: string,
  { makeFolder = false } = {},
): Promise<Ran> {
  if (makeFolder) await mkdir(cwd)
  const program = `import { ${command}Command } from ${JSON.stringify(join(import.meta.dir, `${command}.ts`))}
await ${command}Command().parseAsync(${JSON.stringify(args)}, { from: 'user' })`
  const ran = Bun.spawn([process.execPath, '-e', program], { cwd, stdout: 'pipe', stderr: 'pipe' })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(ran.stdout).text(),
    new Response(ran.stderr).text(),
    ran.exited,
  ])
  return { exitCode, stdout, stderr }
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort()
}
