import { expect, test } from 'bun:test'
import { newVersionsIn } from './trend.ts'

test('of versions that were there on the first day none is new, in whatever order they are found', () => {
  const found = [
    { version: 'b', day: '2026-03-02' },
    { version: 'a', day: '2026-03-02' },
    { version: 'd', day: '2026-03-04' },
    { version: 'c', day: '2026-03-04' },
    { version: 'a', day: '2026-03-05' },
  ]
  const told = [
    { version: 'c', day: '2026-03-04' },
    { version: 'd', day: '2026-03-04' },
  ]
  expect(newVersionsIn(found, '2026-03-02')).toEqual(told)
  expect(newVersionsIn(found.toReversed(), '2026-03-02')).toEqual(told)
  expect(newVersionsIn(found, '2026-03-05')).toEqual([])
})
