import { expect, test } from 'bun:test'
import { mapConcurrent } from './map-concurrent.ts'

test('works at all of them, in their order, and at no more at a time than it may', async () => {
  const begun: number[] = []
  let underWay = 0
  let most = 0
  await mapConcurrent(3, [1, 2, 3, 4, 5, 6, 7, 8], async (item) => {
    begun.push(item)
    most = Math.max(most, ++underWay)
    for (let turns = 0; turns < item % 4; turns++) await Promise.resolve()
    underWay--
  })
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(most).toBe(3)
})

test('ends with nothing to work at', async () => {
  expect(await mapConcurrent(3, [], () => Promise.reject(new Error('nothing')))).toBeUndefined()
})

test('begins with no more once one has failed, and rejects with that failure', async () => {
  const begun: number[] = []
  const work = mapConcurrent(2, [1, 2, 3, 4, 5], async (item) => {
    begun.push(item)
    if (item === 3) throw new Error(`${item} has failed`)
  })
  await expect(work).rejects.toThrow('3 has failed')
  expect(begun).not.toContain(5)
})
