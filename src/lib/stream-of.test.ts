import { expect, test } from 'bun:test'
import { streamOf } from './stream-of.ts'

/** What the listener hears, in order. */
function heardFrom(chunks: AsyncGenerator<string>) {
  const heard: unknown[] = []
  const onEnd = async () => void heard.push('end')
  return { stream: streamOf(chunks, { onError: (error) => heard.push(error), onEnd }), heard }
}

test('all chunks arrive, and it ends once', async () => {
  const { stream, heard } = heardFrom(
    (async function* () {
      yield* ['one, ', 'two']
    })(),
  )
  expect(await new Response(stream).text()).toBe('one, two')
  expect(heard).toEqual(['end'])
})

test('an error is told once, and ends it', async () => {
  const broken = new Error('broken')
  const { stream, heard } = heardFrom(
    (async function* () {
      yield 'one'
      throw broken
    })(),
  )
  await expect(new Response(stream).text()).rejects.toThrow('broken')
  expect(heard).toEqual([broken, 'end'])
})

const outcomes: readonly (readonly [string, (read: PromiseWithResolvers<void>) => void])[] = [
  ['goes on', ({ resolve }) => resolve()],
  ['breaks off', ({ reject }) => reject(new Error('the connection went'))],
]

test.each(outcomes)(
  'a browser that disconnects during a read that %s ends it once, without an error',
  async (_, settle) => {
    const [begun, read] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { stream, heard } = heardFrom(
      (async function* () {
        begun.resolve()
        await read.promise
        yield 'too late'
      })(),
    )
    const reader = stream.getReader()
    const asked = reader.read()
    await begun.promise
    const cancelled = reader.cancel()
    settle(read)
    await Promise.allSettled([asked, cancelled])
    // Whatever the read had still to do comes before a new turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard).toEqual(['end'])
  },
)
