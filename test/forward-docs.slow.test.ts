// The samples of docs/forward.md that check a signature take a right one and refuse everything else.

import { expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SECRET = 'whsec-of-thirty-two-characters-00'
const BODY = '{"flow":"booking","data":{"name":"Zoë"}}'

const signed = (seconds: number | string, body = BODY, secret = SECRET) =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
const now = Math.floor(Date.now() / 1000)

const HEADERS: readonly (readonly [header: string, isRight: boolean])[] = [
  [signed(now), true],
  [signed(now - 200), true],
  [signed(now - 400), false],
  [signed(now + 400), false],
  [signed(now, '{}'), false],
  [signed(now, BODY, 'another secret, another server'), false],
  [signed('²'), false],
  [`t=${now},v1=`, false],
  [`t=${now},v1=é`, false],
  [`t=${now}`, false],
  ['v1=00', false],
  ['', false],
]

const RUNS: { readonly [language: string]: readonly string[] } = {
  js: ['node', 'check.mjs'],
  python: ['python3', 'check.py'],
}
const CALLS: { readonly [language: string]: string } = {
  js: `
import { readFileSync } from 'node:fs'
const { headers, body, secret } = JSON.parse(readFileSync('cases.json', 'utf8'))
console.log(JSON.stringify(headers.map((header) => isFromScreentrail(header, body, secret))))`,
  python: `
import json
cases = json.load(open("cases.json"))
checked = [is_from_screentrail(header, cases["body"].encode(), cases["secret"]) for header in cases["headers"]]
print(json.dumps(checked))`,
}

test.each(Object.keys(RUNS))('%s', async (language) => {
  const [, docs = ''] = (await readFile(join(import.meta.dir, '../docs/forward.md'), 'utf8')).split(
    '## Checking the signature',
  )
  const [, sample] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(docs) ?? []
  const folder = await mkdtemp(join(tmpdir(), 'screentrail-'))
  const [program = '', file = ''] = RUNS[language] ?? []
  const headers = HEADERS.map(([header]) => header)
  await writeFile(join(folder, file), `${sample}\n${CALLS[language]}\n`)
  await writeFile(join(folder, 'cases.json'), JSON.stringify({ headers, body: BODY, secret: SECRET }))
  const run = Bun.spawn([program, file], { cwd: folder, stderr: 'inherit' })
  const checked = JSON.parse(await new Response(run.stdout).text())
  await rm(folder, { recursive: true })
  expect(checked).toEqual(HEADERS.map(([, isRight]) => isRight))
})
