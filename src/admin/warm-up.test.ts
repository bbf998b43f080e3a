import { afterEach, expect, test } from 'bun:test'
import { type Admin, bookedTrail, enter, openAdmin } from '../../test/admin-kit.ts'
import { START } from '../../test/arbitrary-events.ts'
import { Unavailable } from '../lib/unavailable.ts'

let admin: Admin
afterEach(() => admin.close())

/** An admin with a session and an account; `onQuestion` is called from then on. */
async function openWithAccount(onQuestion: (question: string) => unknown) {
  let isReady = false
  admin = await openAdmin({
    onQuestion: (...question) => (isReady ? onQuestion(JSON.stringify(question)) : undefined),
  })
  await admin.seed(bookedTrail('somebody', START))
  const headers = await enter(admin)
  // Its state is that of a start: nobody has opened a page yet.
  isReady = true
  return headers
}

test('asks what the overview and a flow ask when somebody opens them', async () => {
  const questions: string[] = []
  const { cookie } = await openWithAccount((question) => questions.push(question))
  await admin.warmUp()
  const before = new Set(questions.splice(0))
  const flow = 'flows/repair-booking'
  for (const path of ['overview', flow, `${flow}?compare=previous`, `${flow}/errors`])
    expect((await admin.get(`/admin/${path}`, { cookie })).status).toBe(200)
  expect(questions.length).toBeGreaterThan(5)
  expect(questions.filter((question) => !before.has(question))).toEqual([])
})

const timesOf = (questions: readonly string[], name: string) =>
  questions.filter((question) => question.startsWith(`["${name}"`)).length

test('asks often enough for the code to be compiled, and only once in the life of a process', async () => {
  const questions: string[] = []
  await openWithAccount((question) => questions.push(question))
  await Promise.all([admin.warmUp(), admin.warmUp()])
  await admin.warmUp()
  expect([timesOf(questions, 'funnel'), timesOf(questions, 'errors')]).toEqual([16, 8])
})

test('ends when somebody comes', async () => {
  const questions: string[] = []
  const { cookie } = await openWithAccount(async (question) => {
    questions.push(question)
    if (question.startsWith('["funnel"')) await admin.get('/admin/account', { cookie })
  })
  await admin.warmUp()
  expect([timesOf(questions, 'funnel'), timesOf(questions, 'errors')]).toEqual([1, 0])
})

test('goes on when somebody comes who is not logged in', async () => {
  const questions: string[] = []
  await openWithAccount(async (question) => {
    questions.push(question)
    if (question.startsWith('["funnel"')) await admin.get('/admin/account')
  })
  await admin.warmUp()
  expect(timesOf(questions, 'errors')).toBe(8)
})

test('leaves what takes long to who comes', async () => {
  const questions: string[] = []
  await openWithAccount((question) => {
    questions.push(question)
    if (question.startsWith('["errors"')) admin.time.now += 1_600
  })
  await admin.warmUp()
  expect([timesOf(questions, 'overview'), timesOf(questions, 'errors')]).toEqual([3, 2])
})

test('asks nothing where nobody has an account', async () => {
  const questions: unknown[] = []
  admin = await openAdmin({ onQuestion: (...question) => questions.push(question) })
  await admin.seed(bookedTrail('somebody', START))
  await admin.warmUp()
  expect(questions).toEqual([])
})

test('asks no more than the overview where nobody has walked a flow in these days', async () => {
  const questions: string[] = []
  await openWithAccount((question) => questions.push(question))
  admin.time.now += 365 * 24 * 3_600_000
  await admin.warmUp()
  expect(questions.map((question) => JSON.parse(question)[0])).toEqual(['overview'])
})

test('a question that fails ends it, and the server goes on', async () => {
  const { cookie } = await openWithAccount((question) => {
    if (question.startsWith('["paths"')) throw new Unavailable('the database is away')
  })
  await admin.warmUp()
  expect((await admin.get('/admin/overview', { cookie })).status).toBe(200)
})
