import type { TrailError } from '../../trail/event.ts'

/** An error without the names of its fields, for JSON that is stored a million times. */
export type ErrorTuple = readonly [code: string, ...rest: (string | null)[]]

export function toTuple({ code, field, rule, message }: TrailError): ErrorTuple {
  const rest = [field ?? null, rule ?? null, message ?? null]
  while (rest.at(-1) === null) rest.pop()
  return [code, ...rest]
}

export function fromTuple([code, field, rule, message]: ErrorTuple): TrailError {
  return {
    code,
    ...(field != null && { field }),
    ...(rule != null && { rule }),
    ...(message != null && { message }),
  }
}
