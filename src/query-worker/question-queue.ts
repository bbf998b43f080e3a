import PQueue from 'p-queue'
import type { AskReport } from '../report/reports.ts'
import { busy } from '../report/result.ts'

type QuestionQueueLimits = {
  /** Questions asked at a time. */
  readonly atOnce: number
  /** Questions that may wait. One more is refused as `busy`. */
  readonly waiting: number
}

/** One report can take some ten megabytes to compute, and a page asks for six. */
export const QUESTIONS_OF_PEOPLE: QuestionQueueLimits = { atOnce: 3, waiting: 240 }
export const QUESTIONS_OF_SCRIPTS: QuestionQueueLimits = { atOnce: 2, waiting: 14 }

/** One of these for each kind of asker, so that none keeps the others from their answers. */
export function questionQueue(ask: AskReport, { atOnce, waiting }: QuestionQueueLimits): AskReport {
  const questions = new PQueue({ concurrency: atOnce })
  return async (name, question, now) =>
    questions.size < waiting ? questions.add(() => ask(name, question, now)) : busy(BUSY)
}

const BUSY = 'Too many questions are waiting for their answers; ask again in some seconds'
