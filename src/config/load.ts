// From config.yaml to something that can be served from, or to every mistake in it at once.

import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { compileFlow, type Flow } from '../flow/definition.ts'
import { flow as flowSchema } from '../flow/schema.ts'
import { withAbsolutePaths } from './absolute-paths.ts'
import {
  checkFlowKeys,
  checkPseudonymKey,
  checkSignature,
  checkStore,
  checkTokens,
  type Setting,
} from './cross-check.ts'
import { type ConfigDocument, type Located, readDocument } from './document.ts'
import { explain, nameOf, OWN_WORDS, type SchemaFinding, type SchemaIssue } from './explain-issues.ts'
import { fileReason } from './file-reason.ts'
import { type InterpolatedValue, type InterpolationSources, interpolate } from './interpolate.ts'
import { lintWarnings } from './lint-warnings.ts'
import type { LoadResult, Mistake } from './load-result.ts'
import { config as configSchema } from './schema.ts'
import { wellShapedPart } from './valid-part.ts'

export async function loadConfig(file: string, env: InterpolationSources['env']): Promise<LoadResult> {
  const inFile = (located: readonly Located[]): Mistake[] =>
    located.map((mistake) => ({ file, ...mistake })).sort((a, b) => a.line - b.line || a.column - b.column)

  const text = await readConfig(file)
  if ('reason' in text) return { ok: false, file, mistakes: inFile([{ line: 1, column: 1, message: text.reason }]) }
  const { document, mistakes: unreadable } = readDocument(text.text)
  if (!document) return { ok: false, file, mistakes: inFile(unreadable) }

  const folder = dirname(resolve(file))
  const filled = await interpolate(document, { env, folder })
  const parsed = parse(document, filled)
  const values = document.values()
  const { flows, problems } = compileFlows(values, filled)
  const findings = [
    ...(parsed.success ? [] : explain(parsed.error.issues, { values, written: filled.written })),
    ...problems,
    ...(await crossCheck(values, { folder, written: filled.written })),
  ].filter((finding) => finding.at === 'key' || !filled.isWanting(finding.path))

  const locate = (finding: SchemaFinding): Located => ({
    ...(finding.at === 'key' ? document.placeOfKey(finding.path) : document.placeOf(finding.path)),
    message: finding.message,
  })
  const mistakes = [...unreadable, ...filled.mistakes, ...findings.map(locate)]
  if (!parsed.success || mistakes.length > 0) return { ok: false, file, mistakes: inFile(mistakes) }
  const config = withAbsolutePaths(parsed.data, folder)
  return { ok: true, file, config, flows, filled: filled.references, warnings: inFile(lintWarnings(flows).map(locate)) }
}

/** `config.yaml:12:7 sentence` */
export const showMistake = ({ file, line, column, message }: Mistake): string => `${file}:${line}:${column} ${message}`

async function readConfig(file: string): Promise<{ text: string } | { reason: string }> {
  try {
    return { text: await readFile(file, 'utf8') }
  } catch (error) {
    const fix = (error as NodeJS.ErrnoException).code === 'ENOENT' ? '; `screentrail init` makes one' : ''
    return { reason: `cannot read the config: ${fileReason(error)}${fix}` }
  }
}

/** What is filled in is text; where the schema wants a number, as in `port: ${PORT}`, it is read as one. */
function parse(document: ConfigDocument, filled: InterpolatedValue) {
  const first = configSchema.safeParse(document.values(), OWN_WORDS)
  const numbers = (first.error?.issues ?? []).filter(wantsNumber).flatMap(({ path }) => {
    const scalar = filled.written(path) === undefined ? undefined : document.scalarAt(path)
    return scalar && /^-?\d+(\.\d+)?$/.test(String(scalar.value)) ? [scalar] : []
  })
  if (numbers.length === 0) return first
  for (const scalar of numbers) scalar.value = Number(scalar.value)
  return configSchema.safeParse(document.values(), OWN_WORDS)
}

const wantsNumber = (issue: SchemaIssue) =>
  issue.code === 'invalid_type' && (issue.expected === 'number' || issue.expected === 'int')

/** Compiles what is well-shaped of every flow, whatever is wrong elsewhere. */
function compileFlows(
  values: unknown,
  filled: InterpolatedValue,
): { flows: ReadonlyMap<string, Flow>; problems: SchemaFinding[] } {
  const flows = new Map<string, Flow>()
  const problems: SchemaFinding[] = []
  for (const [key, value] of Object.entries(mapping(mapping(values).flows))) {
    const part = wellShapedPart(flowSchema, value)
    if (part === undefined) continue
    const compiled = compileFlow(key, part)
    if (compiled.ok) flows.set(key, compiled.flow)
    else
      for (const problem of compiled.problems) {
        const path = ['flows', key, ...problem.path]
        problems.push({ path, at: 'value', message: filled.isFilled(path) ? concealed(path) : problem.message })
      }
  }
  return { flows, problems }
}

const concealed = (path: SchemaFinding['path']) =>
  `${nameOf(path)} is not right with what was filled in, which is not shown here because it may be secret`

/** Checks each section whose shape is right, whatever is wrong elsewhere. */
async function crossCheck(values: unknown, setting: Setting): Promise<SchemaFinding[]> {
  const sections = mapping(values)
  const meta = configSchema.shape.meta.safeParse(sections.meta)
  const store = configSchema.shape.store.safeParse(sections.store)
  const privacy = configSchema.shape.privacy.safeParse(sections.privacy)
  const server = configSchema.shape.server.safeParse(sections.server)
  const api = configSchema.shape.api.safeParse(sections.api)
  return [
    ...(meta.success ? [...checkSignature(meta.data), ...(await checkFlowKeys(meta.data, setting))] : []),
    ...(store.success ? await checkStore(store.data) : []),
    ...checkTokens({ ...(server.success && { server: server.data }), ...(api.success && { api: api.data }) }),
    ...(privacy.success ? await checkPseudonymKey(privacy.data, setting) : []),
  ]
}

const mapping = (value: unknown): { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null ? { ...value } : {}
