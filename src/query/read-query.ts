// Reads the query of a URL. Refuses unknown names: a typing error must not change the numbers.

import type { z } from 'zod'
import { suggest } from '../lib/suggest.ts'
import { badParameter, type ReportProblem, type ReportResult, reported } from '../report/result.ts'

export type QueryParameter<S extends z.ZodType = z.ZodType> = {
  readonly schema: S
  /** For the OpenAPI document. */
  readonly about: string
  /** What it must be: completes a sentence after "expected". */
  readonly expected: string
}

export type Parameters = { readonly [name: string]: QueryParameter }

/** The values of the parameters; undefined without a value or a default. */
export type QueryOf<P extends Parameters> = { readonly [name in keyof P]: z.output<P[name]['schema']> }

export function readQuery<P extends Parameters>(parameters: P, sent: URLSearchParams): ReportResult<QueryOf<P>> {
  const names = Object.keys(parameters)
  for (const name of sent.keys()) {
    if (!Object.hasOwn(parameters, name)) return unknown(name, names)
    if (sent.getAll(name).length > 1) return badParameter(`\`${name}\` is given more than once; expected it once`)
  }
  const values: [string, unknown][] = []
  for (const [name, { schema, expected }] of Object.entries(parameters)) {
    const parsed = schema.safeParse(sent.get(name) ?? undefined)
    if (!parsed.success) return badParameter(`\`${name}\` is ${show(sent.get(name))}; expected ${expected}`)
    values.push([name, parsed.data])
  }
  return reported(Object.fromEntries(values) as QueryOf<P>)
}

function unknown(name: string, names: readonly string[]): ReportProblem {
  const meant = suggest(name, names)
  const taken = names.map((known) => `\`${known}\``).join(', ') || 'none'
  const hint = meant === undefined ? '' : `did you mean \`${meant}\`? `
  return badParameter(`${show(name)} is no parameter here; ${hint}expected ${taken}`)
}

const show = (text: string | null): string => (text === null ? 'missing' : JSON.stringify(text.slice(0, 60)))
