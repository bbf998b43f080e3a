import { expect, test } from 'bun:test'
import { converse } from '../../test/conversation.ts'
import { flowOf } from '../../test/flow-of.ts'

const flow = flowOf(`
  start: A
  screens:
    A: { data: { from: { expr: input.to } }, next: B }
    B: { data: { from: { expr: input.to } }, next: C }
    C: { data: { from: { expr: input.to } }, next: D }
    D: { data: { from: { expr: input.to } }, next: B }
`)

/** On C, reached by A and B. */
async function onC() {
  const person = converse(flow)
  await person.init()
  await person.submit('A', { to: 'b1' })
  await person.submit('B', { to: 'c1' })
  return person
}

test('BACK shows the screen before with the data that had led there', async () => {
  const person = await onC()
  expect(await person.back('C')).toMatchObject({ screen: 'B', outcome: 'shown', data: { from: 'b1' } })
  expect(await person.back('B')).toMatchObject({ screen: 'A', data: {} })
})

test('BACK that does not say from where means the last screen sent', async () => {
  expect(await (await onC()).back()).toMatchObject({ screen: 'B', data: { from: 'b1' } })
})

test('BACK from a screen the client moved to by itself shows the last screen sent', async () => {
  expect(await (await onC()).back('D')).toMatchObject({ screen: 'C', data: { from: 'c1' } })
})

test('BACK from an earlier screen, reached by the client’s own Back, shows the one before it', async () => {
  expect(await (await onC()).back('B')).toMatchObject({ screen: 'A' })
})

test.each(['A', '', 'C', 'GONE'])('with nothing to go back to, BACK from %p shows the start', async (screen) => {
  expect(await converse(flow).back(screen)).toMatchObject({ screen: 'A', outcome: 'shown' })
  const person = converse(flow)
  await person.init()
  expect(await person.back(screen)).toMatchObject({ screen: 'A', outcome: 'shown' })
})

test('after BACK the way goes on from there', async () => {
  const person = await onC()
  await person.back('C')
  expect(await person.submit('B', { to: 'c2' })).toMatchObject({ screen: 'C', data: { from: 'c2' } })
  expect(person.session()?.path).toEqual(['A', 'B', 'C'])
})

test('a screen that was come through before is gone back to: the way is the one that first led there', async () => {
  const person = await onC()
  await person.submit('C', { to: 'd1' })
  await person.submit('D', { to: 'b2' })
  expect(person.session()?.path).toEqual(['A', 'B'])
  expect(await person.back('B')).toMatchObject({ screen: 'A' })
})

test('opening the form again begins a new way, and nothing of what was said crosses it', async () => {
  const person = await onC()
  await person.init()
  expect(person.session()).toMatchObject({ path: ['A'], known: {}, at: {}, sent: {} })
  expect(await person.back('C')).toMatchObject({ screen: 'A' })
})

test('a screen that the config no longer has is passed over', async () => {
  const before = flowOf('{ start: A, screens: { A: { next: OLD }, OLD: { next: B }, B: {} } }')
  const after = flowOf('{ start: A, screens: { A: { next: B }, B: {} } }')
  let current = before
  const person = converse({
    ...before,
    get screens() {
      return current.screens
    },
  })
  await person.init()
  await person.submit('A')
  await person.submit('OLD')
  current = after
  expect(await person.back('B')).toMatchObject({ screen: 'A', outcome: 'shown' })
})
