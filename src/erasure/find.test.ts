import { expect, test } from 'bun:test'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { KEY } from '../../test/erasure-kit.ts'
import { type FindDeps, findPerson } from './find.ts'
import { hashesBy } from './hashes.ts'

const hashes = hashesBy(KEY)
const theirs = eventOf({ token: 'a-token-of-theirs' })

/** The store has nothing, and the archive one file with an event of the person. */
const search = (failing: { store?: Error; file?: Error }) => {
  const file = { name: '2026-03-01.ndjson', flow: theirs.flow, firstAt: START }
  const deps: FindDeps = {
    store: {
      events: async () => ({ items: [] }),
      sessions: async () => ({ items: [] }),
      flows: async () => [],
      async sharedTokens() {
        if (failing.store) throw failing.store
        return []
      },
    },
    archive: {
      async *files() {
        yield file as never
      },
      async *read() {
        if (failing.file) throw failing.file
        yield theirs
      },
    },
    flows: [],
    hashes,
    afterPage: async () => {},
  }
  const names = hashes.namesOfToken(theirs.flow, theirs.token)
  return findPerson({ hashes: names, tokens: [], isSearched: true, trails: [], at: theirs.at }, deps)
}

test('a person is found in the archive', async () => {
  const { tokens, unread } = await search({})
  expect({ tokens, unread }).toEqual({ tokens: [{ flow: theirs.flow, token: theirs.token }], unread: [] })
})

test('a file that cannot be read is told, and the search goes on', async () => {
  expect((await search({ file: new Error('2026-03-01.ndjson is damaged') })).unread).toEqual([
    '2026-03-01.ndjson is damaged',
  ])
})

test('a store that fails while the archive is looked at fails the search: no file is to blame', async () => {
  await expect(search({ store: new Error('the store is out of reach') })).rejects.toThrow('the store is out of reach')
})
