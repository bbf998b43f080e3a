// Both ways of using a private key, held to the same; and what is special about threads.
// RSA_FUZZ=1000000 bun test src/rsa sends as many bad ciphertexts, and says what it did to the memory.

import { afterAll, describe, expect, test } from 'bun:test'
import { constants, generateKeyPairSync, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto'
import vectors from '../../test/vectors/generated-vectors.json'
import { connectWorker, startThread } from '../lib/worker.ts'
import { openEnvelope, parseEnvelope } from '../wire/envelope.ts'
import { type FlowKey, parseFlowKey, WRAPPED_BYTES, webCryptoKey } from '../wire/keys.ts'
import { chooseRsa, type Rsa } from './choose.ts'
import { openFlowKeys, opensslKeys } from './flow-keys.ts'
import { openLibcrypto } from './libcrypto.ts'
import { createUnwrapThreads } from './threads.ts'
import type { UnwrapCalls } from './worker.ts'

const FUZZ = Number(process.env.RSA_FUZZ ?? 300)

const key = parseFlowKey(vectors.keys.pkcs8)
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

const makers = (['openssl', 'webcrypto'] as const).flatMap((by) => {
  const rsa = chooseRsa(by, key)
  if (!('missing' in rsa)) return [rsa]
  if (process.env.REQUIRE_OPENSSL) throw new Error(`REQUIRE_OPENSSL is set, and ${rsa.missing}`)
  process.stderr.write(`skipped: ${rsa.missing}\n`)
  return []
})
const hasOpenssl = makers.some(({ by }) => by === 'openssl')

const closing: (() => Promise<void>)[] = []
const keysBy = async (rsa: Rsa, ...keys: KeyObject[]): Promise<readonly FlowKey[]> => {
  const opened = await openFlowKeys(rsa, keys)
  closing.push(opened.close)
  return opened.keys
}
afterAll(() => Promise.all(closing.map((close) => close())))

describe.each(makers.map((rsa) => [rsa.by, rsa] as const))('by %s', (_by, rsa) => {
  test.each(vectors.cases.map((vector) => [vector.name, vector] as const))('%s opens', async (_name, vector) => {
    const opened = await openEnvelope(envelopeOf(vector.raw_body), await keysBy(rsa, key))
    if (!opened.ok) throw new Error(opened.detail)
    expect(JSON.parse(opened.text)).toEqual(vector.plain_request)
    expect(opened.replyKey.aesKey.toString('hex')).toBe(vector.aes_key_hex)
  })

  test.each(vectors.negative_cases.map((vector) => [vector.name, vector] as const))(
    '%s is refused as by WebCrypto',
    async (_name, vector) => {
      const envelope = envelopeOf(vector.raw_body)
      const opened = await openEnvelope(envelope, await keysBy(rsa, key))
      expect(opened).toEqual(await openEnvelope(envelope, [await webCryptoKey(key)]))
      expect(opened.ok).toBe(false)
    },
  )

  test('the keys are tried in order, so that a rotation loses no request', async () => {
    const [ours, theirs] = await keysBy(rsa, key, other)
    const secret = randomBytes(16)
    const wrapped = wrap(secret)
    expect(await ours?.unwrap(wrapped)).toEqual(secret)
    expect(await theirs?.unwrap(wrapped)).toBeUndefined()
    const envelope = envelopeOf(vectors.cases[0]?.raw_body ?? '')
    expect((await openEnvelope(envelope, await keysBy(rsa, other, key))).ok).toBe(true)
  })

  test.each([0, 1, 16, 32, 190])('%d bytes come out as they went in', async (bytes) => {
    const [ours] = await keysBy(rsa, key)
    const secret = randomBytes(bytes)
    expect(await ours?.unwrap(wrap(secret))).toEqual(secret)
  })

  test('each of many at once gets its own', async () => {
    const [ours] = await keysBy(rsa, key)
    const secrets = Array.from({ length: 600 }, () => randomBytes(16))
    expect(await Promise.all(secrets.map((secret) => ours?.unwrap(wrap(secret))))).toEqual(secrets)
  })

  test('what is bad is undefined, whatever its length, and the key goes on', async () => {
    const [ours] = await keysBy(rsa, key)
    const secret = randomBytes(16)
    const good = wrap(secret)
    const lengths = [0, 1, 16, 255, 257, 511, 512, 513, 4096]
    const cut = lengths.map((length) => Buffer.concat([good, randomBytes(4096)]).subarray(0, length))
    const flipped = [0, 1, 128, 255].map((at) => good.map((byte, index) => (index === at ? byte ^ 1 : byte)))
    const edges = [
      Buffer.alloc(WRAPPED_BYTES),
      Buffer.alloc(WRAPPED_BYTES, 255),
      Buffer.from([...Buffer.alloc(255), 1]),
    ]
    for (const wrapped of [...cut, ...flipped, ...edges]) expect(await ours?.unwrap(wrapped)).toBeUndefined()
    expect(await ours?.unwrap(good)).toEqual(secret)
  })

  test(`${FUZZ} bad ones`, async () => {
    const [ours] = await keysBy(rsa, key)
    const send = async (count: number) => {
      for (let sent = 0; sent < count; sent += 100) {
        // Half of them below the modulus, so that all of the work is done for them; some of a wrong length.
        const bad = Array.from({ length: 100 }, (_, index) => randomBytes(index % 20 === 0 ? index * 5 : WRAPPED_BYTES))
        for (const [index, bytes] of bad.entries()) if (index % 2 === 1) bytes[0] = 0
        expect((await Promise.all(bad.map((bytes) => ours?.unwrap(bytes)))).every((found) => !found)).toBe(true)
      }
    }
    await send(FUZZ / 10)
    const before = process.memoryUsage.rss()
    const started = performance.now()
    await send(FUZZ)
    const megabytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(0)} MB`
    if (process.env.RSA_FUZZ)
      process.stderr.write(
        `${rsa.by}: ${FUZZ} in ${((performance.now() - started) / 1000).toFixed(0)} s, ` +
          `memory ${megabytes(before)} before, ${megabytes(process.memoryUsage.rss())} after\n`,
      )
    const secret = randomBytes(16)
    expect(await ours?.unwrap(wrap(secret))).toEqual(secret)
  }, 3_600_000)
})

describe.skipIf(!hasOpenssl)('threads', () => {
  const start = () => {
    const workers: Worker[] = []
    const opened = opensslKeys(openLibcrypto(), [key], (native) =>
      createUnwrapThreads(native, (onEnd) => {
        const worker = startThread('rsa/worker.ts', { smol: true })
        workers.push(worker)
        return connectWorker<UnwrapCalls>(worker, onEnd, 0)
      }),
    )
    closing.push(opened.close)
    return { workers, ours: opened.keys[0] as FlowKey, close: opened.close }
  }

  test('one that dies is replaced, and every call is answered', async () => {
    const { workers, ours } = start()
    const secrets = Array.from({ length: 100 }, () => randomBytes(16))
    const answers = secrets.map((secret) => ours.unwrap(wrap(secret)))
    const [first] = workers
    // Its calls are under way.
    await new Promise(setImmediate)
    first?.terminate()
    expect(await Promise.all(answers)).toEqual(secrets)
    const secret = randomBytes(16)
    expect(await ours.unwrap(wrap(secret))).toEqual(secret)
    expect(workers.length).toBeGreaterThan(1)
  })

  test('none starts before there is work, and there are never more than a few', async () => {
    const { workers, ours } = start()
    expect(workers).toHaveLength(0)
    await Promise.all(Array.from({ length: 1_000 }, () => ours.unwrap(wrap(randomBytes(16)))))
    expect(workers.length).toBeGreaterThan(0)
    expect(workers.length).toBeLessThanOrEqual(4)
  })

  test('after the end, which can come twice and amid work, calls reject', async () => {
    const { ours, close } = start()
    const underWay = ours.unwrap(wrap(randomBytes(16)))
    await Promise.all([close(), close()])
    await Promise.allSettled([underWay])
    await expect(ours.unwrap(wrap(randomBytes(16)))).rejects.toThrow('the keys are closed')
  })

  test('a slot that does not exist is never decrypted', () => {
    const libcrypto = openLibcrypto()
    const native = libcrypto.loadKey(key)
    const decryptor = libcrypto.decryptor(native, new Uint8Array(new ArrayBuffer(2 * 2 * WRAPPED_BYTES)))
    for (const slot of [-1, 2, 0.5, Number.NaN, 2 ** 40]) expect(() => decryptor.decrypt(slot)).toThrow('no such slot')
    expect(decryptor.decrypt(1)).toBe(-1)
    decryptor.close()
    decryptor.close()
    expect(() => decryptor.decrypt(1)).toThrow('no such slot')
    libcrypto.freeKey(native)
  })
})

describe('the choice', () => {
  const absent = () => openLibcrypto('libcrypto-that-is-not-there.so')

  test('without OpenSSL, auto takes WebCrypto and says why', () => {
    const because = 'by WebCrypto: libcrypto-that-is-not-there.so is not on this machine, or cannot be loaded'
    expect(chooseRsa('auto', key, absent)).toEqual({ by: 'webcrypto', because })
  })

  test('OpenSSL that is asked for and missing is a mistake with its fix', () => {
    const missing =
      'meta.rsa asks for OpenSSL, but libcrypto-that-is-not-there.so is not on this machine, or cannot be loaded'
    const fix = 'install it (on Debian and Ubuntu the package libssl3), or write `rsa: auto`'
    expect(chooseRsa('openssl', key, absent)).toEqual({ missing, fix })
  })

  test('WebCrypto that is asked for is taken without a look at OpenSSL', () => {
    const never = () => {
      throw new Error('looked')
    }
    expect(chooseRsa('webcrypto', key, never)).toEqual({ by: 'webcrypto', because: 'by WebCrypto, as meta.rsa says' })
  })

  test.skipIf(!hasOpenssl)('a library that decrypts wrongly is not taken', () => {
    const wrong = () => {
      const libcrypto = openLibcrypto()
      return {
        ...libcrypto,
        decryptor: (...args: Parameters<typeof libcrypto.decryptor>) => ({
          ...libcrypto.decryptor(...args),
          decrypt: () => 16,
        }),
      }
    }
    expect(chooseRsa('auto', key, wrong)).toEqual({
      by: 'webcrypto',
      because: 'by WebCrypto: it does not unwrap what was encrypted',
    })
  })

  test.skipIf(!hasOpenssl)('auto says both times', () => {
    expect(chooseRsa('auto', key)).toHaveProperty(
      'because',
      expect.stringMatching(/^by (?:OpenSSL 3\.\S+|WebCrypto), in \d+\.\d\d ms a key; \S.* takes \d+\.\d\d ms$/),
    )
  })
})

function wrap(secret: Uint8Array): Buffer {
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  return publicEncrypt({ key: vectors.keys.public_spki, ...padding }, secret)
}

function envelopeOf(body: string) {
  const envelope = parseEnvelope(body)
  if ('problem' in envelope) throw new Error(envelope.problem)
  return envelope
}
