import { describe, expect, test } from 'bun:test'
import type { SealedSession } from '../../src/store/sealed-session.ts'
import type { Kit } from './kit.ts'

const sealedOf = (more: Partial<SealedSession> = {}): SealedSession => ({
  flow: 'f',
  token: 't 🔑',
  at: 10,
  expiresAt: 100,
  sealed: 'AAAA',
  ...more,
})

export function sealedSessionsContract({ name, withStore }: Kit): void {
  describe(`${name}: sealed sessions`, () => {
    test(
      'one is there until it expires, also after a restart',
      withStore(async (store, reopen) => {
        await store.keepSealed([sealedOf(), sealedOf({ flow: 'g', sealed: 'BBBB' })])
        const again = await reopen()
        expect(await again.sealedSession('f', 't 🔑', 99)).toEqual(sealedOf())
        expect(await again.sealedSession('g', 't 🔑', 99)).toEqual(sealedOf({ flow: 'g', sealed: 'BBBB' }))
        expect(await again.sealedSession('f', 't 🔑', 100)).toBeUndefined()
        expect(await again.sealedSession('f', 'other', 0)).toBeUndefined()
      }),
    )

    test(
      'a newer one takes the place of an older one, whichever comes first',
      withStore(async (store) => {
        await store.keepSealed([sealedOf({ at: 20, sealed: 'NEW' })])
        await store.keepSealed([sealedOf({ at: 10, sealed: 'OLD' }), sealedOf({ token: 'u' })])
        expect(await store.sealedSession('f', 't 🔑', 0)).toMatchObject({ at: 20, sealed: 'NEW' })
        expect(await store.sealedSession('f', 'u', 0)).toEqual(sealedOf({ token: 'u' }))
        await store.keepSealed([sealedOf({ at: 30, sealed: 'NEWER' })])
        expect(await store.sealedSession('f', 't 🔑', 0)).toMatchObject({ at: 30, sealed: 'NEWER' })
      }),
    )

    test(
      'what has expired is removed, in small steps, and nothing else',
      withStore(async (store) => {
        const tokens = ['a', 'b', 'c', 'd']
        await store.keepSealed(tokens.map((token, index) => sealedOf({ token, expiresAt: 100 + index })))
        expect(await store.removeExpiredSealed(102, 2)).toBe(2)
        expect(await store.removeExpiredSealed(102, 2)).toBe(1)
        expect(await store.removeExpiredSealed(102, 2)).toBe(0)
        const left = await Promise.all(tokens.map((token) => store.sealedSession('f', token, 0)))
        expect(left.flatMap((found) => (found ? [found.token] : []))).toEqual(['d'])
      }),
    )

    test(
      'one that is removed is gone, unless it is newer',
      withStore(async (store) => {
        await store.keepSealed([sealedOf(), sealedOf({ token: 'u' })])
        await store.removeSealed({ flow: 'f', token: 't 🔑' }, 10)
        await store.removeSealed({ flow: 'f', token: 'u' }, 9)
        expect(await store.sealedSession('f', 't 🔑', 0)).toBeUndefined()
        expect(await store.sealedSession('f', 'u', 0)).toBeDefined()
      }),
    )
  })
}
