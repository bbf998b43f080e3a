import { afterEach, beforeEach, expect, test } from 'bun:test'
import type { EchoCalls } from '../../test/echo-worker.ts'
import { connectWorker } from './worker.ts'

const connect = () => connectWorker<EchoCalls>(new Worker(new URL('../../test/echo-worker.ts', import.meta.url).href))

let thread: ReturnType<typeof connect>
beforeEach(() => {
  thread = connect()
})
afterEach(() => thread.close())

test('a call across the thread gives what the function gives', async () => {
  expect(await thread.remote.add(2, 3)).toBe(5)
  expect(await thread.remote.later('x')).toBe('x')
})

test('each of many calls at once gets its own answer', async () => {
  const sums = await Promise.all(Array.from({ length: 200 }, (_, index) => thread.remote.add(index, index)))
  expect(sums).toEqual(Array.from({ length: 200 }, (_, index) => 2 * index))
})

test('what the function throws rejects the call, by its name and message', async () => {
  const error = await thread.remote.refuse().catch((error: Error) => error)
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ name: 'RangeError', message: 'out of range' })
})

test('a call that cannot be answered rejects, and the thread goes on', async () => {
  await expect(thread.remote.unsendable()).rejects.toThrow()
  await expect(thread.remote.refuseOddly()).rejects.toThrow('null')
  const unknown = thread.remote as unknown as { nothing(): Promise<void> }
  await expect(unknown.nothing()).rejects.toThrow()
  expect(await thread.remote.add(1, 1)).toBe(2)
})

test.each(['crash', 'exit'] as const)('after %s, waiting calls and later ones reject', async (end) => {
  const waiting = thread.remote.never()
  thread.remote[end]().catch(() => {})
  await expect(waiting).rejects.toThrow('the worker stopped')
  await expect(thread.remote.add(1, 1)).rejects.toThrow('the worker stopped')
})

test('closing rejects what waits, and can be done twice', async () => {
  const waiting = thread.remote.never()
  thread.close()
  thread.close()
  await expect(waiting).rejects.toThrow('closed')
  await expect(thread.remote.add(1, 1)).rejects.toThrow('closed')
})
