import { expect, test } from 'bun:test'
import { createInOrder } from './in-order.ts'

test('each resolves after those before it, however quick it was; one that fails holds up nobody', async () => {
  const inOrder = createInOrder()
  const done: string[] = []
  const slow = Promise.withResolvers<string>()
  const all = [
    inOrder(slow.promise).then((name) => done.push(name)),
    inOrder(Promise.reject(new Error('no'))).catch(() => done.push('failed')),
    inOrder(Promise.resolve('quick')).then((name) => done.push(name)),
  ]
  await new Promise(setImmediate)
  expect(done.includes('quick')).toBe(false)
  slow.resolve('slow')
  await Promise.all(all)
  expect(done.indexOf('slow')).toBeLessThan(done.indexOf('quick'))
  expect(done.toSorted()).toEqual(['failed', 'quick', 'slow'])
})

test('what was given back is let go of', async () => {
  const inOrder = createInOrder()
  const given: WeakRef<object>[] = []
  for (let count = 0; count < 200; count++) {
    const result = { bytes: new Uint8Array(1_000) }
    given.push(new WeakRef(result))
    await inOrder(Promise.resolve(result))
  }
  // What the newest turn of the loop still holds goes with the next.
  await new Promise(setImmediate)
  Bun.gc(true)
  expect(given.filter((each) => each.deref()).length).toBeLessThan(20)
})
