// Whatever environment variables, YAML, secret managers and editors do to a PEM, it is the same key.

import { expect, test } from 'bun:test'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import vectors from '../../test/vectors/generated-vectors.json'
import { importFlowKey, parseFlowKey } from './keys.ts'

const { passphrase, public_spki, ...pems } = vectors.keys

type Deform = (pem: string) => string
/** What may stand beside the key in its file. */
const COMPANY: { readonly [name: string]: Deform } = {
  'a comment above it': (pem) => `Bag Attributes\n    friendlyName: flow\n${pem}`,
  'its public key below it': (pem) => `${pem}\n${public_spki}`,
}

const toBase64: Deform = (pem) => Buffer.from(pem).toString('base64')

/** Applied one after the other, in any combination. */
const DEFORMATIONS: { readonly [name: string]: Deform } = {
  'written-out line ends': (pem) => pem.replaceAll('\n', '\\n'),
  'line ends written out twice': (pem) => pem.replaceAll('\n', '\\\\n'),
  'written-out CRLF': (pem) => pem.replaceAll('\n', '\\r\\n'),
  CRLF: (pem) => pem.replaceAll('\n', '\r\n'),
  CR: (pem) => pem.replaceAll('\n', '\r'),
  'one line': (pem) => pem.replaceAll('\n', ' '),
  indented: (pem) => pem.replace(/^/gm, '      '),
  'indented by tabs': (pem) => pem.replace(/^/gm, '\t'),
  'no line end at its end': (pem) => pem.trimEnd(),
  'double quotes': (pem) => `"${pem}"`,
  'single quotes': (pem) => `'${pem}'`,
  'each line quoted, as in a list': (pem) => pem.replace(/^(.+)$/gm, '"$1",'),
  'a BOM': (pem) => `\uFEFF${pem}`,
  'empty lines around it': (pem) => `\n\n${pem}\n\n`,
}

test('a key is read through any combination of deformations', () => {
  const expected = publicOf(pems.pkcs8, undefined)
  const some = (deformations: { readonly [name: string]: Deform }) =>
    fc
      .shuffledSubarray(Object.keys(deformations), { maxLength: Math.min(4, Object.keys(deformations).length) })
      .map((names) => names.map((name): [string, Deform] => [name, deformations[name] as Deform]))
  const once = fc.subarray<[string, Deform]>([['base64 once more', toBase64]])
  const deformations = fc.tuple(some(COMPANY), once, some(DEFORMATIONS)).map((kinds) => kinds.flat())
  fc.assert(
    fc.property(deformations, fc.constantFrom(...Object.values(pems)), (all, pem) => {
      expect(
        publicOf(
          all.reduce((text, [, deform]) => deform(text), pem),
          passphrase,
        ),
      ).toBe(expected)
    }),
    { numRuns: 400 },
  )
})

test('whatever is given instead of a key, the sentence is one of ours and quotes nothing of it', async () => {
  const pieces = [
    ...Object.values(pems).flatMap((pem) => [pem.slice(0, 200), pem.slice(300), pem.replace('M', '!')]),
    public_spki,
    '-----BEGIN PRIVATE KEY-----',
    '-----END PRIVATE KEY-----',
    'correct-horse-battery',
  ]
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(text, fc.option(fc.string(), { nil: undefined }), async (parts, phrase) => {
      const given = parts.join('\n')
      const error = await importFlowKey(given, phrase).catch((error: Error) => error)
      if (!(error instanceof Error)) return
      expect(error.message).toMatch(/^(?:expected a private key in PEM form|expected an RSA key|the private key )/)
      expect(error.message).not.toMatch(/openssl[_:]|error:|routines|correct-horse|MII/i)
    }),
    { numRuns: 300 },
  )
})

const RSA = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey
const PKCS8 = { type: 'pkcs8', format: 'pem' } as const

test.each([
  ['a key of 3072 bits', () => String(RSA(3072).export(PKCS8)), 'of 2048 bits, as Meta requires, found 3072 bits'],
  ['a certificate', () => block('CERTIFICATE'), 'found a certificate, which holds only the public half'],
  ['the public key', () => public_spki, 'found the public key: that one is for Meta'],
  [
    'an OpenSSH key',
    () => block('OPENSSH PRIVATE KEY'),
    'the form of OpenSSH, which is no PEM; `ssh-keygen -p -m PKCS8',
  ],
  ['parameters', () => block('DH PARAMETERS'), 'found a PEM that holds something else'],
  ['no last line', () => pems.pkcs8.slice(0, 600), 'its last line, which begins with -----END, is missing'],
  ['a character that is no base64', () => pems.pkcs8.replace('MII', 'M–I'), 'stands what is no base64'],
  ['a letter too few', () => pems.pkcs8.replace('MII', 'MI'), 'the PEM is damaged'],
  ['nothing', () => ' \n', 'expected a private key in PEM form, which begins with -----BEGIN, found nothing'],
  ['DER', () => '0\u0082\u0004¾\u0002\u0001', 'found something else'],
])('instead of a key: %s', async (_, pem, sentence) => {
  await expect(importFlowKey(pem())).rejects.toThrow(sentence)
})

const block = (label: string) => `-----BEGIN ${label}-----\nMIIEowIBAAKCAQEA\n-----END ${label}-----\n`

const publicOf = (pem: string, phrase: string | undefined): string =>
  String(createPublicKey(parseFlowKey(pem, phrase)).export({ type: 'spki', format: 'pem' }))
