import { expect, test } from 'bun:test'
import { createSlowAnswers } from './slow-answers.ts'

/** Each answer is the number of the asking. `takes`: milliseconds. */
function startAsking({ takes = 300, isLarge = true }: { takes?: number; isLarge?: boolean } = {}) {
  const state = { now: 0, asked: 0 }
  const answers = createSlowAnswers({ stopwatch: () => state.now, isLarge: async () => isLarge })
  const ask = (question: string) =>
    answers(question, async () => {
      state.now += takes
      return ++state.asked
    })
  return { state, ask, answers }
}

test('a slow answer serves for ten times as long as it took, and then there is another', async () => {
  const { state, ask } = startAsking({ takes: 300 })
  expect(await ask('flows')).toBe(1)
  state.now += 2_999
  expect(await ask('flows')).toBe(1)
  state.now += 1
  expect(await ask('flows')).toBe(2)
})

test('each question has its own answer', async () => {
  const { ask } = startAsking()
  expect([await ask('flows'), await ask('exits'), await ask('flows')]).toEqual([1, 2, 1])
})

test.each([{ takes: 99 }, { isLarge: false }])('with %j it is asked each time', async (how) => {
  const { ask } = startAsking(how)
  expect([await ask('flows'), await ask('flows')]).toEqual([1, 2])
})

test('a failure is not cached', async () => {
  const { state, ask, answers } = startAsking()
  const failing = answers('flows', async () => {
    state.now += 300
    throw new Error('gone')
  })
  await expect(failing).rejects.toThrow('gone')
  expect(await ask('flows')).toBe(1)
})
