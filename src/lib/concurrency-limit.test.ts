import { expect, test } from 'bun:test'
import { createConcurrencyLimit } from './concurrency-limit.ts'

/** Work that ends when it is told, and the order in which it began. */
function jobs() {
  const begun: string[] = []
  const ends = new Map<string, PromiseWithResolvers<string>>()
  return {
    begun,
    job: (name: string) => () => {
      begun.push(name)
      const end = Promise.withResolvers<string>()
      ends.set(name, end)
      return end.promise
    },
    end: (name: string) => ends.get(name)?.resolve(name),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
  }
}

test('no more work at once than was said, the rest in its order', async () => {
  const { begun, job, end } = jobs()
  const turns = createConcurrencyLimit({ atOnce: 2, waiting: 8 })
  const all = ['a', 'b', 'c', 'd'].map((name) => turns(job(name)))
  expect(begun).toEqual(['a', 'b'])
  end('b')
  expect(await all[1]).toBe('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  end('a')
  await all[0]
  end('c')
  end('d')
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
})

test('beyond the line nothing is run, and after it is shorter there is room again', async () => {
  const { begun, job, end } = jobs()
  const turns = createConcurrencyLimit({ atOnce: 1, waiting: 2 })
  const [first, second, third] = ['a', 'b', 'c'].map((name) => turns(job(name)))
  expect(turns(job('refused'))).toBeUndefined()
  end('a')
  await first
  expect(turns(job('d'))).toBeDefined()
  end('b')
  await second
  end('c')
  await third
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
})

test('a full line of others keeps nobody of the first lane out, nor waiting behind it', async () => {
  const { begun, job, end } = jobs()
  const turns = createConcurrencyLimit({ atOnce: 1, waiting: 2 })
  const working = turns(job('working'))
  for (const name of ['x', 'y', 'refused']) void turns(job(name))
  const known = turns(job('known'), 'first')
  end('working')
  await working
  expect(begun).toEqual(['working', 'known'])
  end('known')
  expect(await known).toBe('known')
})

test('work that fails lets the next one begin', async () => {
  const { job, end, fail } = jobs()
  const turns = createConcurrencyLimit({ atOnce: 1, waiting: 2 })
  const [first, second] = ['a', 'b'].map((name) => turns(job(name)))
  fail('a')
  await expect(first).rejects.toThrow('a')
  end('b')
  expect(await second).toBe('b')
})
