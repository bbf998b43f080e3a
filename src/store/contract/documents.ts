import { describe, expect, test } from 'bun:test'
import type { Json } from '../../lib/json.ts'
import type { Kit } from './kit.ts'

export function documentsContract({ name, withStore }: Kit): void {
  describe(`${name}: documents`, () => {
    test.each(VALUES.map((value) => [value]))('a value comes back as it was: %j', (value) =>
      withStore(async (store) => {
        expect(await store.putDocument({ kind: 'state', key: 'ключ 🔑', value }, { now: 0 })).toBe(true)
        expect(await store.getDocument('state', 'ключ 🔑', 0)).toEqual(value)
      })(),
    )

    test(
      'a later write replaces the value and its expiry',
      withStore(async (store) => {
        await store.putDocument({ ...login, expiresAt: 10 }, { now: 0 })
        await store.putDocument({ ...login, value: 'second' }, { now: 0 })
        expect(await store.getDocument('login', 'ada', 1_000)).toBe('second')
      }),
    )

    test(
      'a document is there until it expires, and gone from then on',
      withStore(async (store) => {
        await store.putDocument({ ...login, expiresAt: 10 }, { now: 0 })
        expect(await store.getDocument('login', 'ada', 9)).toBe('first')
        expect(await store.getDocument('login', 'ada', 10)).toBeUndefined()
      }),
    )

    test(
      'onlyIfAbsent writes over nothing but what has expired',
      withStore(async (store) => {
        const put = (value: string, now: number) =>
          store.putDocument({ ...login, value, expiresAt: now + 10 }, { now, onlyIfAbsent: true })
        expect(await put('first', 0)).toBe(true)
        expect(await put('second', 9)).toBe(false)
        expect(await store.getDocument('login', 'ada', 9)).toBe('first')
        expect(await put('third', 10)).toBe(true)
        expect(await store.getDocument('login', 'ada', 10)).toBe('third')
      }),
    )

    test.each([
      ['where nothing is', undefined],
      ['where one has expired', { ...login, expiresAt: 5 }],
    ] as const)('of many callers at once %s exactly one succeeds', (_, expired) =>
      withStore(async (store) => {
        if (expired) await store.putDocument(expired, { now: 0 })
        const callers = Array.from({ length: 8 }, (_, index) => String(index))
        const results = await Promise.all(
          callers.map((value) => store.putDocument({ ...login, value }, { now: 5, onlyIfAbsent: true })),
        )
        expect(results.filter(Boolean)).toHaveLength(1)
        expect(await store.getDocument('login', 'ada', 5)).toBe(callers[results.indexOf(true)] as string)
      })(),
    )

    test(
      'deleting takes one, or all of a kind, and says how many',
      withStore(async (store) => {
        for (const [kind, key] of ['login ada', 'login grace', 'login edsger', 'account ada'].map((text) =>
          text.split(' '),
        ))
          await store.putDocument({ kind: String(kind), key: String(key), value: 1 }, { now: 0 })
        expect(await store.deleteDocuments('login', 'ada')).toBe(1)
        expect(await store.deleteDocuments('login', 'ada')).toBe(0)
        expect(await store.getDocument('login', 'grace', 0)).toBe(1)
        expect(await store.deleteDocuments('login')).toBe(2)
        expect(await store.getDocument('login', 'grace', 0)).toBeUndefined()
        expect(await store.getDocument('account', 'ada', 0)).toBe(1)
      }),
    )
  })
}

const login = { kind: 'login', key: 'ada', value: 'first' }

const VALUES: readonly Json[] = [
  null,
  true,
  0,
  -1.5,
  '',
  'текст 🙂\u0000',
  [],
  {},
  [1, [null, { a: 'b' }]],
  { $set: { 'a.b': 1 } },
]
