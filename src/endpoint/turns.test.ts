import { expect, test } from 'bun:test'
import { createTurns } from './turns.ts'

/** Work that ends when told. */
function work(log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return {
    end: resolve,
    fail: () => reject(new Error(name)),
    async run() {
      log.push(`${name} begins`)
      await promise
      log.push(`${name} ends`)
      return name
    },
  }
}

test('work of one session is done in its order, that of another at once', async () => {
  const takeTurn = createTurns()
  const log: string[] = []
  const [a, b, other] = ['a', 'b', 'other'].map((name) => work(log, name)) as [Work, Work, Work]
  const turns = [takeTurn('1', a.run), takeTurn('1', b.run), takeTurn('2', other.run)]
  other.end()
  b.end()
  await turns[2]
  expect(log).toEqual(['a begins', 'other begins', 'other ends'])
  a.end()
  expect(await Promise.all(turns)).toEqual(['a', 'b', 'other'])
  expect(log.slice(3)).toEqual(['a ends', 'b begins', 'b ends'])
})

type Work = ReturnType<typeof work>

test('work that fails holds up nothing after it', async () => {
  const takeTurn = createTurns()
  const log: string[] = []
  const [a, b] = ['a', 'b'].map((name) => work(log, name)) as [Work, Work]
  const first = takeTurn('1', a.run).catch((error: Error) => error.message)
  const second = takeTurn('1', b.run)
  a.fail()
  b.end()
  expect([await first, await second]).toEqual(['a', 'b'])
})

test('where very many wait, the next ones go on at once', async () => {
  const takeTurn = createTurns()
  const log: string[] = []
  const works = Array.from({ length: 9 }, (_, index) => work(log, String(index)))
  const turns = works.map(({ run }) => takeTurn('1', run))
  await Promise.resolve()
  await Promise.resolve()
  expect(log).toEqual(['8 begins', '0 begins'].toSorted().toReversed())
  for (const each of works) each.end()
  await Promise.all(turns)
})
