// docs/admin.md has a section for each page that the navigation leads to, and its pictures are there.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Api, startApi } from './api-kit.ts'
import { logIn } from './log-in.ts'

const DOCS = join(import.meta.dir, '../docs')
/** Bytes: the page of the docs has a dozen of them. */
const LARGEST_PICTURE = 200_000

let api: Api
let docs: string
beforeAll(async () => {
  api = await startApi()
  docs = await readFile(join(DOCS, 'admin.md'), 'utf8')
})
afterAll(() => api.stop())

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found)

test('each area and each page about a flow has its section', async () => {
  const cookie = await logIn(api)
  const html = await (await api.send('/admin/flows/repair-booking', { headers: { cookie } })).text()
  const areas = all(html, /class="main-nav-link".*?<span>([^<]+)</gs)
  const tabs = all(/<nav class="tabs".*?<\/nav>/s.exec(html)?.[0] ?? '', /<a [^>]*>([^<]+)</g)
  expect(areas.length).toBeGreaterThan(3)
  expect(tabs.length).toBeGreaterThan(3)
  expect(all(docs, /^## (.+)$/gm)).toEqual(expect.arrayContaining(areas))
  expect(all(docs, /^### (.+)$/gm)).toEqual(expect.arrayContaining(tabs))
})

test('each picture is there, small enough, and used', async () => {
  const pictures = all(docs, /!\[[^\]]+\]\(admin\/([^)]+)\)/g)
  expect(pictures.toSorted()).toEqual((await readdir(join(DOCS, 'admin'))).toSorted())
  for (const picture of pictures) expect((await stat(join(DOCS, 'admin', picture))).size).toBeLessThan(LARGEST_PICTURE)
})
