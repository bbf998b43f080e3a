import { expect, test } from 'bun:test'
import { answersThatDiffer, differencesOf, parseManifest } from './manifest.ts'

const MANIFEST = {
  format: 1,
  at: '2026-11-28T16:55:03.123Z',
  version: '0.1.0',
  store: 'sqlite',
  layout: 1,
  counts: { events: 12, sessions: 3, waiting: 1 },
  files: [{ name: 'store.db', bytes: 8_192, sha256: 'ab'.repeat(32) }],
}
const parse = (change: object) =>
  parseManifest(JSON.stringify({ ...MANIFEST, ...change }), 'm.json', { sqlite: 1, mongodb: 1 })

test('a manifest is read as it was written', () => {
  expect(parse({})).toEqual(MANIFEST as never)
})

test.each<[string, object, RegExp]>([
  ['of a newer format', { format: 2 }, /^m\.json was made by a newer Screentrail \(format 2\); update/],
  [
    'of a newer layout',
    { layout: 2 },
    /^m\.json is of a newer Screentrail \(0\.1\.0, layout 2 .+ knows up to 1\); update/,
  ],
  ['without counts', { counts: undefined }, /^m\.json is no manifest of a backup \(`counts`: .+\); take another/],
  ['that leads elsewhere', { files: [{ ...MANIFEST.files[0], name: '../keys/a' }] }, /`files\.0\.name`/],
  ['that leads to a hidden file', { files: [{ ...MANIFEST.files[0], name: '.lock' }] }, /`files\.0\.name`/],
  ['without files', { files: [] }, /`files`/],
])('one %s is refused', (_, change, sentence) => {
  expect(() => parse(change)).toThrow(sentence)
})

test('what is not JSON is refused', () => {
  expect(() => parseManifest('{', 'm.json', { sqlite: 1, mongodb: 1 })).toThrow(
    'm.json is not JSON; take another backup',
  )
})

test('numbers differ where they are outside of what was seen', () => {
  const expected = [
    { flow: 'a', atLeast: { sessions: 3, completed: 1 }, atMost: { sessions: 3, completed: 1 } },
    { flow: 'b', atLeast: { sessions: 5, completed: 1 }, atMost: { sessions: 7, completed: 2 } },
  ]
  const found = (a: number, b: number) =>
    new Map([
      ['a', { sessions: a, completed: 1 }],
      ['b', { sessions: b, completed: 2 }],
    ])
  expect(differencesOf(expected, found(3, 5))).toEqual([])
  expect(differencesOf(expected, found(3, 7))).toEqual([])
  expect(differencesOf(expected, found(2, 8))).toEqual([
    'a has 2 sessions, and had 3',
    'b has 8 sessions, and had 5 to 7',
  ])
  const open = [{ flow: 'b', atLeast: { sessions: 5, completed: 1 } }]
  expect(differencesOf(open, new Map([['b', { sessions: 900, completed: 0 }]]))).toEqual([
    'b has 0 completed, and had 1 or more',
  ])
  expect(differencesOf(expected.slice(0, 1), found(3, 5))).toEqual([
    'b has 5 sessions, and had 0',
    'b has 2 completed, and had 0',
  ])
})

test('reports that answer otherwise are named', () => {
  const expected = { a: { trend: '1', paths: '2' }, b: { trend: '3' } }
  expect(answersThatDiffer(expected, expected)).toEqual([])
  expect(answersThatDiffer(expected, { a: { trend: '1', paths: '0' } })).toEqual([
    'a is answered otherwise about paths',
    'b is answered otherwise about trend',
  ])
})
