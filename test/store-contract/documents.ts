import { describe, expect, test } from 'bun:test'
import type { Json } from '../../src/lib/json.ts'
import type { Kit } from './kit.ts'

export function documentsContract({ name, withStore }: Kit): void {
  describe(`${name}: documents`, () => {
    test.each(VALUES.map((value) => [value]))('a value survives the round trip: %j', (value) =>
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
      'a document is readable until it expires',
      withStore(async (store) => {
        await store.putDocument({ ...login, expiresAt: 10 }, { now: 0 })
        expect(await store.getDocument('login', 'ada', 9)).toBe('first')
        expect(await store.getDocument('login', 'ada', 10)).toBeUndefined()
      }),
    )

    test(
      'onlyIfAbsent overwrites only an expired document',
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
      'all of a kind are listed in the order of their keys, without those that have expired',
      withStore(async (store) => {
        expect(await store.documents('account', 0)).toEqual([])
        for (const key of ['b', 'ключ 🔑', 'a"'])
          await store.putDocument({ kind: 'account', key, value: { of: key } }, { now: 0 })
        await store.putDocument({ kind: 'account', key: 'aa', value: 1, expiresAt: 10 }, { now: 0 })
        await store.putDocument({ kind: 'accounts', key: 'c', value: 1 }, { now: 0 })
        const keys = async (now: number) => (await store.documents('account', now)).map(({ key }) => key)
        expect(await keys(9)).toEqual(['a"', 'aa', 'b', 'ключ 🔑'])
        expect(await keys(10)).toEqual(['a"', 'b', 'ключ 🔑'])
        expect((await store.documents('account', 10))[1]).toEqual({ key: 'b', value: { of: 'b' } })
      }),
    )

    test(
      'onlyIf overwrites only the expected value, and creates no document',
      withStore(async (store) => {
        const [first, second] = [{ name: 'ada', of: [1, null] }, { name: 'ada' }] as const
        const put = (value: Json, onlyIf: Json) => store.putDocument({ ...login, value }, { now: 0, onlyIf })
        expect(await put(first, first)).toBe(false)
        expect(await store.getDocument('login', 'ada', 0)).toBeUndefined()
        await store.putDocument({ ...login, value: first, expiresAt: 10 }, { now: 0 })
        expect(await put(second, second)).toBe(false)
        const read = (await store.getDocument('login', 'ada', 0)) as Json
        expect(await put(second, read)).toBe(true)
        expect(await put(first, read)).toBe(false)
        expect(await store.getDocument('login', 'ada', 1_000)).toEqual(second)
      }),
    )

    test(
      'exactly one of many concurrent callers with the same expected value replaces it',
      withStore(async (store) => {
        await store.putDocument({ ...login, value: 0 }, { now: 0 })
        const results = await Promise.all(
          [1, 2, 3, 4, 5, 6].map((value) => store.putDocument({ ...login, value }, { now: 0, onlyIf: 0 })),
        )
        expect(results.filter(Boolean)).toHaveLength(1)
        expect(await store.getDocument('login', 'ada', 0)).toBe(results.indexOf(true) + 1)
      }),
    )

    test(
      'deletes one document or a whole kind, and returns the count',
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
