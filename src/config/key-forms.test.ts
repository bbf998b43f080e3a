// Keys and secrets in the forms in which people have them.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what the config reads, not a slip.

import { expect, test } from 'bun:test'
import { readFile, writeFile } from 'node:fs/promises'
import { configFolder, FLOWS, KEY, META } from '../../test/config-folder.ts'
import { type KeyEntry, publicKeyOf } from './flow-key.ts'

const { fileOf, good } = configFolder()

const pem = () => readFile(fileOf('keys/flow-private.pem'), 'utf8')
const PASSPHRASE = '"${file:keys/flow-private.passphrase}"'
const inEnv = `meta: { app_secrets: [s], keys: [{ pem: "\${KEY}", passphrase: "\${PASSPHRASE}" }] }\n${FLOWS}`

test.each<[string, (pem: string) => string]>([
  ['as it is', (pem) => pem],
  ['with its line ends written out', (pem) => pem.trim().replaceAll('\n', '\\n')],
  ['in one line', (pem) => pem.replaceAll('\n', ' ')],
  ['in quotes', (pem) => `"${pem.replaceAll('\n', '\\n')}"`],
  ['as base64', (pem) => Buffer.from(pem).toString('base64')],
])('a key in the environment, %s', async (_, deform) => {
  const passphrase = await readFile(fileOf('keys/flow-private.passphrase'), 'utf8')
  const { config } = await good(inEnv, { KEY: deform(await pem()), PASSPHRASE: passphrase })
  expect((await publicKeyOf(config.meta.keys[0] as KeyEntry)).asymmetricKeyType).toBe('rsa')
})

test('a key in the config itself', async () => {
  const text = `meta:\n  app_secrets: [s]\n  keys:\n    - passphrase: ${PASSPHRASE}\n      pem: |\n`
  await good(`${text}${(await pem()).replace(/^/gm, '        ')}\n${FLOWS}`)
})

test.each(['utf8', 'utf16le'] as const)('a key in a file with a BOM, in %s', async (encoding) => {
  await writeFile(fileOf('keys/bom.pem'), `\uFEFF${await pem()}`, encoding)
  await good(`${META.replace('flow-private.pem', 'bom.pem')}${FLOWS}`)
})

test.each([
  ['"${SECRET}"', 'a newline after a variable'],
  ['"${file:secret-line}"', 'a newline after a file'],
  ['"q7R2xW9mK4tZ8vL1\\n"', 'a newline in the config'],
  ['|\n    q7R2xW9mK4tZ8vL1\n', 'a block'],
])('%j, %s: app secrets and tokens come without the white space around them', async (written) => {
  await writeFile(fileOf('secret-line'), '\uFEFFq7R2xW9mK4tZ8vL1\r\n')
  const text = `meta:\n  app_secrets:\n  - ${written}\n  keys: [${KEY}]\napi:\n  tokens:\n  - ${written}\n${FLOWS}`
  const { config } = await good(text, { SECRET: ' q7R2xW9mK4tZ8vL1\r\n' })
  expect(config.meta.app_secrets).toEqual(['q7R2xW9mK4tZ8vL1'])
  expect(config.api.tokens).toEqual(['q7R2xW9mK4tZ8vL1'])
})
