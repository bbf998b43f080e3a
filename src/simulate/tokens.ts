// Flow tokens that a flow accepts.

import type { Flow } from '../flow/definition.ts'
import { isTrue } from '../flow/expression.ts'
import { textsWantedBy } from './pattern.ts'
import type { Random } from './random.ts'

/**
 * Made of `person`, which differs from one to the next: as `pattern` says, else `person` itself, else the first that the flow accepts of
 * those that what stands in its `accept` leads to. What is given may still be refused.
 */
export async function tokenFor(
  { tokens }: Pick<Flow, 'tokens'>,
  person: string,
  pattern: string | undefined,
  random: Random,
): Promise<string> {
  if (pattern !== undefined) return pattern.replaceAll('{person}', person)
  const { accept } = tokens ?? {}
  if (!accept) return person
  const guesses = textsWantedBy(accept.text, random).flatMap((part) => [part + person, person + part, part])
  for (const token of [person, ...guesses]) if (isTrue(await accept.evaluate({ token }))) return token
  return person
}
