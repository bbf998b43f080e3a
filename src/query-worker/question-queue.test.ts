import { expect, test } from 'bun:test'
import type { AskReport } from '../report/reports.ts'
import { notFound } from '../report/result.ts'
import { questionQueue } from './question-queue.ts'

/** Answers nothing until it is released. */
function slowReports() {
  const { promise, resolve } = Promise.withResolvers<void>()
  let asked = 0
  const ask: AskReport = async () => {
    asked++
    await promise
    return notFound('Nothing is stored')
  }
  return { ask, asked: () => asked, release: resolve }
}

const codeOf = async (ask: AskReport) => {
  const result = await ask('flows', {}, 0)
  return result.ok ? 'ok' : result.code
}

test('asks some at a time, lets some wait, and refuses the next', async () => {
  const reports = slowReports()
  const ask = questionQueue(reports.ask, { atOnce: 2, waiting: 3 })
  const waiting = Array.from({ length: 5 }, () => codeOf(ask))
  expect(await codeOf(ask)).toBe('busy')
  expect(reports.asked()).toBe(2)
  reports.release()
  expect(await Promise.all(waiting)).toEqual(Array(5).fill('not_found'))
  expect(await codeOf(ask)).toBe('not_found')
})

test('two askers do not keep each other waiting', async () => {
  const reports = slowReports()
  const [one, other] = [1, 2].map(() => questionQueue(reports.ask, { atOnce: 1, waiting: 1 })) as [AskReport, AskReport]
  const waiting = [codeOf(one), codeOf(one)]
  expect(await codeOf(one)).toBe('busy')
  const another = codeOf(other)
  expect(reports.asked()).toBe(2)
  reports.release()
  expect(new Set(await Promise.all([...waiting, another]))).toEqual(new Set(['not_found']))
})
