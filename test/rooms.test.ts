// Which way the arrows point between the rooms of the house.

import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dir, '..')

/** What each room may take from; a room may always take from itself. */
const MAY_IMPORT: { readonly [room: string]: readonly string[] } = {
  lib: [],
  // Pure. The request of a client is told in the words of the trail, and the field policy goes by the fields of a flow
  // and makes an event of a request.
  trail: ['lib'],
  wire: ['lib', 'trail'],
  // What a Flow JSON says of screens, with no word about how an endpoint answers them.
  'flow-json': ['lib'],
  flow: ['lib', 'trail', 'wire', 'flow-json'],
  privacy: ['lib', 'trail', 'wire', 'flow'],
  stats: ['lib'],
  // The two aggregates, and the engine that keeps them.
  rollup: ['lib', 'trail', 'stats'],
  // One file for each question.
  insight: ['lib', 'trail', 'stats', 'rollup'],
  config: ['lib', 'trail', 'wire', 'flow-json', 'flow'],
  // Threads of their own for what takes long to evaluate.
  evaluator: ['lib', 'flow'],
  store: ['lib', 'trail', 'rollup'],
  journal: ['lib', 'trail', 'store'],
  // What leaves with age, and how, so that no number changes.
  retention: ['lib', 'trail', 'rollup', 'store'],
  // Cold files of events, and the way back from them.
  archive: ['lib', 'trail', 'config', 'store'],
  // Who is to be forgotten, and that nothing brings them back.
  erasure: ['lib', 'trail', 'flow', 'config', 'privacy', 'store', 'archive'],
  http: ['lib'],
  // By the clock: what becomes of data as it ages.
  jobs: ['lib', 'trail', 'privacy', 'rollup', 'store', 'retention', 'archive', 'erasure'],
  // By whom the private keys are used.
  rsa: ['lib', 'wire'],
  endpoint: ['lib', 'trail', 'wire', 'flow', 'privacy', 'journal', 'store', 'http'],
  // Each page declares the data it shows; the admin fills it.
  views: ['lib', 'trail'],
  // From a question to its numbers: the same file names as in insight, and the reading of the store.
  report: ['lib', 'trail', 'flow', 'config', 'stats', 'rollup', 'insight', 'store'],
  // What addresses ask: read, and written into links.
  query: ['lib', 'trail', 'rollup', 'insight', 'report'],
  admin: [
    'lib',
    'trail',
    'flow-json',
    'flow',
    'config',
    'stats',
    'rollup',
    'insight',
    'store',
    'journal',
    'erasure',
    'http',
    'jobs',
    'report',
    'query',
    'views',
    'backup',
  ],
  // Reads queries, asks for reports, renders them.
  api: ['lib', 'trail', 'config', 'rollup', 'insight', 'erasure', 'http', 'report', 'query'],
  // The thread that answers reports.
  'query-worker': ['lib', 'flow', 'store', 'report', 'rollup'],
  // Copies of store and journal, and back; the numbers of a copy come from the thread that answers reports.
  backup: ['lib', 'trail', 'config', 'rollup', 'store', 'journal', 'archive', 'erasure', 'report', 'query-worker'],
  health: ['lib', 'trail', 'config', 'rsa', 'store', 'journal', 'http', 'simulate', 'backup'],
  simulate: ['lib', 'trail', 'wire', 'flow-json', 'flow', 'config'],
}
const ANYTHING = ['app', 'cli', 'main']
const PURE = ['trail', 'wire', 'flow-json', 'flow', 'privacy', 'stats', 'rollup', 'insight']

const files = ['src', 'views'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path)),
)
const sources = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]))

/** Modules by name; our own files by their path from the root. */
const importsIn = (file: string, text: string): readonly string[] =>
  [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map(([, name = '']) =>
    name.startsWith('.') ? join(dirname(file), name) : name,
  )

const imports = new Map([...sources].map(([file, text]) => [file, importsIn(file, text)]))
const importsOf = (file: string): readonly string[] => imports.get(file) ?? []

/** What is loaded together with the file: all imports but those of types. */
const loadedBy = (file: string, loaded = new Set<string>()): ReadonlySet<string> => {
  if (loaded.has(file)) return loaded
  loaded.add(file)
  const text = (sources.get(file) ?? '').replace(/\b(?:import|export) type\b[^']*'[^'\n]+'/g, '')
  for (const target of importsIn(file, text)) loadedBy(target, loaded)
  return loaded
}

/** `src/flow/answer.ts` is in flow, `src/app.ts` in app; undefined for what is no file of ours. */
const roomOf = (path: string): string | undefined =>
  /^views\//.test(path) ? 'views' : /^src\/([\w-]+)(?:\/|\.ts$)/.exec(path)?.[1]

test('the imports of the house are read', () => {
  expect(files.length).toBeGreaterThan(80)
  expect(importsOf('src/flow/answer.ts')).toContain('src/wire/request.ts')
  expect(importsOf('src/http/server.ts')).toContain('elysia')
  expect(importsOf('src/store/sqlite/database.ts')).toContain('bun:sqlite')
  for (const file of files) expect([...Object.keys(MAY_IMPORT), ...ANYTHING]).toContain(roomOf(file) as string)
})

test.each(Object.entries(MAY_IMPORT))('%s imports from no room but %j', (room, allowed) => {
  const strays = files
    .filter((file) => roomOf(file) === room)
    .flatMap((file) => importsOf(file).map((target) => ({ file, target, to: roomOf(target) })))
    .filter(({ to }) => to !== undefined && to !== room && !allowed.includes(to))
  expect(strays.map(({ file, target }) => `${file} imports ${target}`)).toEqual([])
})

test('only the command line knows main, only it knows the composition root', () => {
  const knowing = (rooms: readonly string[]) =>
    files.filter((file) => importsOf(file).some((target) => rooms.includes(roomOf(target) ?? '')))
  expect(knowing(['app', 'cli', 'main']).filter((file) => !/^src\/(?:cli\/|main\.ts$)/.test(file))).toEqual([])
})

test('no file imports itself by way of others', () => {
  const done = new Set<string>()
  const cycleFrom = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const target of importsOf(file)) {
      const cycle = cycleFrom(target, [...path, file])
      if (cycle) return cycle
    }
    done.add(file)
    return undefined
  }
  expect(files.map((file) => cycleFrom(file, [])).filter((cycle) => cycle !== undefined)).toEqual([])
})

test('the pure rooms know no clock, no chance, no files and no network', () => {
  const impure =
    /'bun:|'node:(?!crypto'|zlib')|\bBun\.|\bprocess\.|Date\.now\(|new Date\(\)|Math\.random\(|setTimeout\(|performance\.|\bfetch\(/g
  const found = files
    .filter((file) => PURE.includes(roomOf(file) ?? ''))
    .flatMap((file) => (sources.get(file)?.match(impure) ?? []).map((what) => `${file}: ${what}`))
  // Handed its fetch, the only file that asks outside APIs.
  expect(found).toEqual(['src/flow/call-api.ts: fetch('])
})

test('what others send is evaluated by the evaluator only, which cannot be held up by it', () => {
  const evaluating = files.filter((file) => /\.evaluate(?:Briefly)?\(/.test(sources.get(file) ?? ''))
  expect(evaluating.filter((file) => !/^src\/(?:evaluator|simulate)\//.test(file)).toSorted()).toEqual([
    'src/flow/expression.ts',
    'src/flow/jsonata.ts',
  ])
})

test('a database is opened in the store and in the journal, looked into by the doctor, and nowhere else', () => {
  const opening = files.filter((file) => importsOf(file).includes('bun:sqlite'))
  expect(
    opening.filter((file) => !/^src\/(?:store\/sqlite\/|journal\/|health\/read-database\.ts$)/.test(file)),
  ).toEqual([])
})

test('zod is on the main thread only, as each thread with it takes 5 to 8 MB more', () => {
  const threads = files.filter((file) => /^serveCalls\(/m.test(sources.get(file) ?? ''))
  expect(threads).toContain('src/query-worker/worker.ts')
  expect(threads.filter((file) => loadedBy(file).has('zod'))).toEqual([])
  expect(loadedBy('src/api/resources.ts').has('zod')).toBe(true)
})

test('Elysia is met only where routes are', () => {
  const meeting = files.filter((file) => importsOf(file).some((name) => /^@?elysia/.test(name)))
  expect(meeting.filter((file) => !file.startsWith('src/http/')).toSorted()).toEqual([
    'src/admin/assets.ts',
    'src/admin/routes.ts',
    'src/api/routes.ts',
    'src/endpoint/route.ts',
    'src/health/route.ts',
  ])
})
