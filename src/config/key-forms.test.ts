// Keys and secrets in the forms in which people have them.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what the config reads, not a slip.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initFolder } from '../cli/init.ts'
import { type KeyEntry, publicKeyOf } from './flow-key.ts'
import { formatMistake, loadConfig } from './load.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-config-'))
  await initFolder(folder)
})
afterAll(() => rm(folder, { recursive: true }))

const KEY = `{ file: keys/flow-private.pem, passphrase: "\${file:keys/flow-private.passphrase}" }`
const META = `meta: { app_secrets: [s], keys: [${KEY}] }\n`
const FLOWS = 'flows: { a: { start: A, screens: { A: {} } } }\n'

const good = async (text: string, env: { [name: string]: string } = {}) => {
  const file = join(folder, 'config.yaml')
  await writeFile(file, text)
  const result = await loadConfig(file, env)
  if (!result.ok) throw new Error(result.mistakes.map(formatMistake).join('\n'))
  return result
}

const pem = () => readFile(join(folder, 'keys/flow-private.pem'), 'utf8')
const PASSPHRASE = '"${file:keys/flow-private.passphrase}"'
const inEnv = `meta: { app_secrets: [s], keys: [{ pem: "\${KEY}", passphrase: "\${PASSPHRASE}" }] }\n${FLOWS}`

test.each<[string, (pem: string) => string]>([
  ['as it is', (pem) => pem],
  ['with its line ends written out', (pem) => pem.trim().replaceAll('\n', '\\n')],
  ['in one line', (pem) => pem.replaceAll('\n', ' ')],
  ['in quotes', (pem) => `"${pem.replaceAll('\n', '\\n')}"`],
  ['as base64', (pem) => Buffer.from(pem).toString('base64')],
])('a key in the environment, %s', async (_, deform) => {
  const passphrase = await readFile(join(folder, 'keys/flow-private.passphrase'), 'utf8')
  const { config } = await good(inEnv, { KEY: deform(await pem()), PASSPHRASE: passphrase })
  expect((await publicKeyOf(config.meta.keys[0] as KeyEntry)).asymmetricKeyType).toBe('rsa')
})

test('a key in the config itself', async () => {
  const text = `meta:\n  app_secrets: [s]\n  keys:\n    - passphrase: ${PASSPHRASE}\n      pem: |\n`
  await good(`${text}${(await pem()).replace(/^/gm, '        ')}\n${FLOWS}`)
})

test.each(['utf8', 'utf16le'] as const)('a key in a file with a BOM, in %s', async (encoding) => {
  await writeFile(join(folder, 'keys/bom.pem'), `\uFEFF${await pem()}`, encoding)
  await good(`${META.replace('flow-private.pem', 'bom.pem')}${FLOWS}`)
})

test.each([
  ['"${SECRET}"', 'a newline after a variable'],
  ['"${file:secret-line}"', 'a newline after a file'],
  ['"q7R2xW9mK4tZ8vL1\\n"', 'a newline in the config'],
  ['|\n    q7R2xW9mK4tZ8vL1\n', 'a block'],
])('%j, %s: app secrets and tokens come without the white space around them', async (written) => {
  await writeFile(join(folder, 'secret-line'), '\uFEFFq7R2xW9mK4tZ8vL1\r\n')
  const text = `meta:\n  app_secrets:\n  - ${written}\n  keys: [${KEY}]\napi:\n  tokens:\n  - ${written}\n${FLOWS}`
  const { config } = await good(text, { SECRET: ' q7R2xW9mK4tZ8vL1\r\n' })
  expect(config.meta.app_secrets).toEqual(['q7R2xW9mK4tZ8vL1'])
  expect(config.api.tokens).toEqual(['q7R2xW9mK4tZ8vL1'])
})
