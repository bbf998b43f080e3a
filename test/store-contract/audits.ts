import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { BEGINNING, checkChain, linkAfter } from '../../src/store/audit-chain.ts'
import { AUDIT_KINDS, type AuditKind } from '../../src/store/audit-kinds.ts'
import type { AuditEntry, AuditHead, AuditLink, Store } from '../../src/store/store.ts'
import { START } from '../arbitrary-events.ts'
import type { Kit, RawAudits } from './kit.ts'

export function auditsContract({ name, withStore }: Kit): void {
  describe(`${name}: audit log`, () => {
    test(
      'returns its newest entries first',
      withStore(async (store) => {
        const entries = [1, 2, 3].map((at) => ({
          at,
          who: 'ада 🙂',
          what: 'login' as const,
          detail: at === 2 ? '' : `no. ${at}`,
        }))
        for (const entry of entries) await store.audit(entry)
        expect(await store.audits(2)).toEqual([entries[2], entries[1]] as typeof entries)
        expect(await store.audits(10)).toEqual(entries.reverse())
      }),
    )

    test(
      'filters by kind, however many entries of other kinds are newer',
      withStore(async (store) => {
        const kinds = ['export_sessions', 'login', 'login_failed', 'login_failed', 'login_failed'] as const
        for (const [at, what] of kinds.entries()) await store.audit({ at, who: 'ada', what, detail: '' })
        const kindsOf = async (limit: number, among: readonly AuditKind[]) =>
          (await store.audits(limit, among)).map(({ at, what }) => `${at} ${what}`)
        expect(await kindsOf(2, ['login', 'export_sessions', 'setup'])).toEqual(['1 login', '0 export_sessions'])
        expect(await kindsOf(1, ['login', 'export_sessions'])).toEqual(['1 login'])
        expect(await kindsOf(9, [])).toEqual([])
      }),
    )

    test(
      'begins with no head, and nothing is wrong with it',
      withStore(async (store) => {
        expect(await store.auditHead()).toBeUndefined()
        expect(await checkChain(store)).toEqual({})
      }),
    )

    test(
      'is a chain, whatever text its entries have, and goes on after it was closed',
      withStore(async (store, reopen) => {
        const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 20 }), { seed: 11, numRuns: 60 })
        const odd = ['\ud800 half', 'nul\0inside', '\u2028', '😀', '', ' ', '"\\']
        const entries = [...texts, ...odd].map((text, index) => entryOf(index, text))
        for (const entry of entries) await store.audit(entry)
        await expectWhole(store, entries)
        const again = await reopen()
        await again.audit(entryOf(0))
        await expectWhole(again, [...entries, entryOf(0)])
      }),
    )

    test(
      'has every entry once, when many are appended at the same time',
      withStore(async (store) => {
        const entries = Array.from({ length: 60 }, (_, index) => entryOf(index))
        await Promise.all(entries.map((entry) => store.audit(entry)))
        await expectWhole(store, entries)
      }),
    )

    test.each(TAMPERINGS)('names the first entry that %s', (_, tamper, named) =>
      withStore(async (store, _reopen, _removeEvents, audits) => {
        for (let index = 0; index < ENTRIES; index++) await store.audit(entryOf(index))
        expect(await checkChain(store)).not.toHaveProperty('fault')
        const original = await audits.read()
        for (let at = 0; at < ENTRIES - 1; at++) {
          const { links = original.links, head } = { ...original, ...tamper(original.links, at, original.head) }
          await audits.write(links, head)
          expect((await checkChain(store)).fault).toMatch(named(at + 1))
        }
        // It stands in nobody's way.
        await store.audit(entryOf(99))
        expect(await store.audits(1)).toEqual([entryOf(99)])
      })(),
    )

    test(
      'tells whether an entry that was noted earlier is still the same',
      withStore(async (store, _reopen, _removeEvents, audits) => {
        for (let index = 0; index < 5; index++) await store.audit(entryOf(index))
        const [, , third] = await store.auditLinks(undefined, 9)
        if (!third) throw new Error('three entries')
        expect(await checkChain(store, third)).not.toHaveProperty('fault')
        expect((await checkChain(store, { ...third, number: 9 })).fault).toBe('entry 9, which was noted, is not there')
        const whole = await audits.read()
        for (const links of [whole.links.slice(0, 2), []]) {
          await audits.write(links, undefined)
          expect((await checkChain(store, third)).fault).toBe('entry 3, which was noted, is not there')
        }
        await audits.write(whole.links, whole.head)
        // All over again, with another second entry: nothing else could tell.
        const links: AuditLink[] = []
        for (const link of (await audits.read()).links)
          links.push(linkAfter(links.at(-1) ?? BEGINNING, link.number === 2 ? { ...link, who: 'eve' } : link))
        const { number = 0, hash = '' } = links.at(-1) ?? {}
        await audits.write(links, { number, hash, since: START, older: 0 })
        expect(await checkChain(store)).not.toHaveProperty('fault')
        expect((await checkChain(store, third)).fault).toMatch(/^entry 3, of 2\S+Z, is not the one that was noted/)
      }),
    )
  })
}

/** A minute apart. */
const entryOf = (index: number, detail = `no. ${index}`): AuditEntry => ({
  at: START + index * 60_000,
  who: `person ${index % 3}`,
  what: AUDIT_KINDS.people[index % AUDIT_KINDS.people.length] ?? 'login',
  detail,
})

async function expectWhole(store: Store, entries: readonly AuditEntry[]): Promise<void> {
  const { head, fault } = await checkChain(store)
  expect(fault).toBeUndefined()
  expect(head).toMatchObject({ number: entries.length, older: 0, since: entries[0]?.at as number })
  const kept = entries.map(({ detail, ...entry }) => ({ ...entry, detail: detail.toWellFormed() }))
  const inOrder = (some: readonly AuditEntry[]) =>
    some.map(({ at, who, what, detail }) => JSON.stringify([at, who, what, detail])).sort()
  expect(inOrder(await store.audits(entries.length + 1))).toEqual(inOrder(kept))
}

const ENTRIES = 5

type Chain = Awaited<ReturnType<RawAudits['read']>>
/** `at`: the place of an entry that is not the last one, from 0 on. */
type Tamper = (links: Chain['links'], at: number, head: Chain['head']) => Partial<Chain>

const changed = (links: Chain['links'], at: number, change: (link: AuditLink) => AuditLink) =>
  links.map((link, index) => (index === at ? change(link) : link))
const renumbered = (links: Chain['links']) => links.map((link, index) => ({ ...link, number: index + 1 }))
const withHashAnew = (links: Chain['links'], at: number, entry: AuditEntry) =>
  linkAfter(links[at - 1] ?? BEGINNING, entry)

const isoOf = (number: number) => new Date(START + (number - 1) * 60_000).toISOString().replaceAll('.', '\\.')
const changedOrPutIn = (number: number) => new RegExp(`^entry ${number}, of \\S+Z, was changed or put in$`)
const putIn = (number: number) => new RegExp(`^entry ${number}, of ${isoOf(50)}, was put in$`)
const removed = (number: number) =>
  new RegExp(
    `^entry ${number} was removed${number > 1 ? `; the one before is of ${isoOf(number - 1)}` : ''}; the one after is of ${isoOf(number + 1)}$`,
  )

const TAMPERINGS: readonly [what: string, Tamper, named: (number: number) => RegExp][] = [
  [
    'has another instant',
    (links, at) => ({ links: changed(links, at, (link) => ({ ...link, at: link.at + 1 })) }),
    changedOrPutIn,
  ],
  [
    'has another person',
    (links, at) => ({ links: changed(links, at, (link) => ({ ...link, who: 'eve' })) }),
    changedOrPutIn,
  ],
  [
    'has another kind',
    (links, at) => ({ links: changed(links, at, (link) => ({ ...link, what: 'login_failed' })) }),
    changedOrPutIn,
  ],
  [
    'has another detail',
    (links, at) => ({ links: changed(links, at, (link) => ({ ...link, detail: '' })) }),
    changedOrPutIn,
  ],
  [
    'was changed, and its hash made anew',
    (links, at) => ({ links: changed(links, at, (link) => withHashAnew(links, at, { ...link, who: 'eve' })) }),
    changedOrPutIn,
  ],
  ['was removed', (links, at) => ({ links: links.toSpliced(at, 1) }), removed],
  [
    'was removed, and those after it renumbered',
    (links, at) => ({ links: renumbered(links.toSpliced(at, 1)) }),
    removed,
  ],
  [
    'was put in, and those after it renumbered',
    (links, at) => ({ links: renumbered(links.toSpliced(at, 0, withHashAnew(links, at, entryOf(49)))) }),
    putIn,
  ],
  [
    'took the place of another',
    (links, at) => ({
      links: changed(links, at, (link) => ({ ...withHashAnew(links, at, entryOf(49)), number: link.number })),
    }),
    changedOrPutIn,
  ],
  [
    'was exchanged for the next',
    (links, at) => ({ links: renumbered(links.toSpliced(at, 2, links[at + 1] as AuditLink, links[at] as AuditLink)) }),
    removed,
  ],
  [
    'was put in before all',
    (links) => ({ links: [{ ...linkAfter(BEGINNING, entryOf(49)), number: 0 }, ...links] }),
    () => putIn(0),
  ],
  [
    'was put in after all',
    (links) => ({ links: [...links, linkAfter(links.at(-1) as AuditLink, entryOf(49))] }),
    () => new RegExp(`^entry ${ENTRIES + 1}, of ${isoOf(50)}, was put in, or the head was changed$`),
  ],
  [
    'was cut off, with all after it',
    (links, at) => ({ links: links.slice(0, at) }),
    (number) =>
      new RegExp(
        `^entries ${number} to ${ENTRIES} were removed${number > 1 ? `; the one before is of ${isoOf(number - 1)}` : ''}$`,
      ),
  ],
  [
    'is the last one, changed with its hash',
    (links) => ({
      links: changed(links, ENTRIES - 1, (link) => withHashAnew(links, ENTRIES - 1, { ...link, who: 'eve' })),
    }),
    () => new RegExp(`^entry ${ENTRIES} or the head was changed$`),
  ],
  [
    'the head does not know',
    (links, at, head) => ({ head: { ...(head as AuditHead), number: at + 1, hash: links[at]?.hash ?? '' } }),
    (number) => new RegExp(`^entry ${number + 1}, of ${isoOf(number + 1)}, was put in, or the head was changed$`),
  ],
  [
    'has no head after it',
    () => ({ head: undefined }),
    () => new RegExp(`^the head is missing: whatever came after entry ${ENTRIES}, of \\S+Z, may be missing too$`),
  ],
]
