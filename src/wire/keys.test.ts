import { describe, expect, test } from 'bun:test'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import vectors from '../../test/vectors/generated-vectors.json'
import { openEnvelope, parseEnvelope } from './envelope.ts'
import { importFlowKey } from './keys.ts'

const { passphrase, public_spki, ...pems } = vectors.keys
const [first] = vectors.cases

describe('one key in every form a PEM comes in', () => {
  const rows = Object.entries(pems).map(([form, pem]) => [form, pem, /ENCRYPTED/.test(pem)] as const)

  test.each(rows)('%s opens a request', async (_form, pem, isEncrypted) => {
    const key = await importFlowKey(pem, isEncrypted ? passphrase : undefined)
    const opened = await openEnvelope(envelopeOf(first?.raw_body ?? ''), [key])
    expect(opened).toMatchObject({ ok: true, text: JSON.stringify(first?.plain_request) })
  })

  test.each(rows.filter(([, , isEncrypted]) => isEncrypted))('%s needs its passphrase', async (_form, pem) => {
    await expect(importFlowKey(pem)).rejects.toThrow('the private key is encrypted, and no passphrase is given')
    await expect(importFlowKey(pem, '')).rejects.toThrow('the private key is encrypted, and no passphrase is given')
    await expect(importFlowKey(pem, 'guess')).rejects.toThrow(
      'the private key could not be opened: the passphrase is wrong or the PEM is damaged',
    )
  })

  test('a passphrase given for a plain key does no harm', async () => {
    expect(await importFlowKey(pems.pkcs8, passphrase)).toBeDefined()
  })
})

describe('what is no key for Flows gets a sentence that says so', () => {
  const pem = (key: KeyObject) => String(key.export(PKCS8))
  const PKCS8 = { type: 'pkcs8', format: 'pem' } as const

  test.each([
    [
      'an elliptic key',
      pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
      'expected an RSA key, found ec',
    ],
    ['an Ed25519 key', pem(generateKeyPairSync('ed25519').privateKey), 'expected an RSA key, found ed25519'],
    ['a short RSA key', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey), 'found 1024 bits'],
    ['the public key', public_spki, 'expected a private key in PEM form, which begins with -----BEGIN'],
    ['an empty file', '', 'expected a private key in PEM form'],
    ['something else', 'my key', 'expected a private key in PEM form'],
    [
      'a key cut short',
      `${pems.pkcs8.slice(0, 300)}\n-----END PRIVATE KEY-----\n`,
      'the private key could not be read',
    ],
  ])('%s', async (_name, text, sentence) => {
    await expect(importFlowKey(text)).rejects.toThrow(sentence)
  })

  test('the key cannot be taken out again', async () => {
    expect(Reflect.ownKeys(await importFlowKey(pems.pkcs8))).toEqual(['unwrap'])
  })
})

function envelopeOf(body: string) {
  const envelope = parseEnvelope(body)
  if ('problem' in envelope) throw new Error(envelope.problem)
  return envelope
}
