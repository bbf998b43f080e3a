import { afterAll, expect, test } from 'bun:test'
import { enter, openAdmin } from '../../../test/admin-kit.ts'

const admin = await openAdmin({ isDevelopment: true })
const { cookie } = await enter(admin)
const html = await (await admin.get('/admin/parts', { cookie })).text()

afterAll(() => admin.close())

const all = (pattern: RegExp): string[] => [...html.matchAll(pattern)].map(([, found = '']) => found)

test('the page of the parts is there for development only', async () => {
  expect(html).toContain('<h1 class="page-heading">Parts</h1>')
  const other = await openAdmin()
  expect((await other.get('/admin/parts', await enter(other))).status).toBe(404)
  await other.close()
})

test('charts need no style that the Content-Security-Policy forbids', () => {
  expect(html).not.toMatch(/<style|\sstyle=|<script(?! src)/)
})

test('every id is there once, and what refers to one finds it', () => {
  const ids = all(/\sid="([^"]+)"/g)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  const named = all(/aria-(?:labelledby|describedby)="([^"]+)"/g).flatMap((value) => value.split(' '))
  expect([...named, ...all(/url\(#([^)]+)\)/g)].filter((id) => !ids.includes(id))).toEqual([])
})

test('no number is missing', () => {
  expect(html).not.toMatch(/NaN|Infinity|undefined|null/)
})
