import { expect, test } from 'bun:test'
import { readYielding } from './read-yielding.ts'

test('gives everything in its order, and others their turn after each few', async () => {
  async function* numbers() {
    for (let number = 0; number < 100; number++) yield number
  }
  const read: number[] = []
  const turns: number[] = []
  const wait = () => {
    turns.push(read.length)
    if (read.length < 100) setImmediate(wait)
  }
  setImmediate(wait)
  for await (const number of readYielding(numbers(), 10)) read.push(number)
  expect(read).toEqual(Array.from({ length: 100 }, (_, number) => number))
  expect(turns.slice(0, 9)).toEqual([9, 19, 29, 39, 49, 59, 69, 79, 89])
})
