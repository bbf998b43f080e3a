import { didYouMean } from '../lib/suggest.ts'

/** Names the flow that was probably meant, or all. */
export function noFlow(key: string, known: Iterable<string>): Error {
  const names = [...known]
  return new Error(
    `there is no flow ${JSON.stringify(key)}${didYouMean(key, names, `; the flows are ${names.join(', ')}`)}`,
  )
}
