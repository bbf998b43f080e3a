// Loads config.yaml, or reports all its mistakes.

import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { compileFlow } from '../flow/compile.ts'
import type { FlowProblem } from '../flow/compile-field.ts'
import type { Flow } from '../flow/definition.ts'
import { flow as flowSchema } from '../flow/schema.ts'
import { parseDuration } from '../lib/units.ts'
import { withAbsolutePaths } from './absolute-paths.ts'
import {
  checkDatabases,
  checkFlowKeys,
  checkHashing,
  checkPseudonymKey,
  checkRetention,
  checkSignature,
  checkStoreUri,
  checkTokens,
  type Setting,
} from './cross-check.ts'
import { explain, NO_DEFAULT_MESSAGES, nameOf, type SchemaFinding, type SchemaIssue } from './explain-issues.ts'
import { whyUnreadable } from './file-reason.ts'
import { type FlowJsonFiles, readFlowJsons } from './flow-json-files.ts'
import { type Interpolation, type InterpolationSources, interpolate } from './interpolate.ts'
import { lintWarnings } from './lint-warnings.ts'
import type { LoadResult, Mistake } from './load-result.ts'
import { rewrittenNumbers } from './rewritten-numbers.ts'
import { config as configSchema } from './schema.ts'
import { validPart } from './valid-part.ts'
import { type ConfigDocument, type Located, readDocument } from './yaml-document.ts'

export async function loadConfig(file: string, env: InterpolationSources['env']): Promise<LoadResult> {
  const inFile = (located: readonly Located[]): Mistake[] =>
    located.map((mistake) => ({ file, ...mistake })).sort((a, b) => a.line - b.line || a.column - b.column)

  const text = await readConfig(file)
  if ('reason' in text) return { ok: false, mistakes: inFile([{ line: 1, column: 1, message: text.reason }]) }
  const { document, mistakes: unreadable } = readDocument(text.text)
  if (!document) return { ok: false, mistakes: inFile(unreadable) }

  const folder = dirname(resolve(file))
  const interpolation = await interpolate(document, { env, folder })
  const { references, takenFrom, referenceAt } = interpolation
  const parsed = parse(document, interpolation)
  const values = document.values()
  const flowJsons = await readFlowJsons(mapping(mapping(values).flows), file, interpolation)
  const { flows, problems, oddities } = compileFlows(values, interpolation, flowJsons)
  const findings = [
    ...(parsed.success ? [] : explain(parsed.error.issues, { values, referenceAt })),
    ...flowJsons.problems,
    ...problems,
    ...(await crossCheck(values, { folder, referenceAt })),
  ].filter((finding) => finding.at === 'key' || !interpolation.hasFailed(finding.path))

  const locate = (finding: SchemaFinding): Located => ({
    ...(finding.at === 'key' ? document.placeOfKey(finding.path) : document.placeOf(finding.path)),
    message: finding.message,
  })
  const rewritten = rewrittenNumbers(document)
  const located = [...unreadable, ...rewritten.mistakes, ...interpolation.mistakes, ...findings.map(locate)]
  const mistakes = [...inFile(located), ...flowJsons.mistakes]
  if (!parsed.success || mistakes.length > 0) return { ok: false, mistakes }
  const config = withAbsolutePaths(parsed.data, folder)
  const odd = inFile([...rewritten.oddities, ...[...lintWarnings(flows, config), ...oddities].map(locate)])
  return { ok: true, file, config, flows, references, takenFrom, warnings: [...odd, ...flowJsons.notes] }
}

/** `config.yaml:12:7 sentence` */
export const formatMistake = ({ file, line, column, message }: Mistake): string =>
  `${file}:${line}:${column} ${message}`

async function readConfig(file: string): Promise<{ text: string } | { reason: string }> {
  try {
    return { text: await readFile(file, 'utf8') }
  } catch (error) {
    return { reason: `cannot read the config: ${whyUnreadable(error, '`screentrail init` makes one')}` }
  }
}

/** Reads an interpolated text as a number if the schema requires one, as in `port: ${PORT}`. */
function parse(document: ConfigDocument, { referenceAt }: Interpolation) {
  const first = configSchema.safeParse(document.values(), NO_DEFAULT_MESSAGES)
  const numbers = (first.error?.issues ?? []).filter(wantsNumber).flatMap(({ path }) => {
    const scalar = referenceAt(path) === undefined ? undefined : document.scalarAt(path)
    return scalar && /^-?\d+(\.\d+)?$/.test(String(scalar.value)) ? [scalar] : []
  })
  if (numbers.length === 0) return first
  for (const scalar of numbers) scalar.value = Number(scalar.value)
  return configSchema.safeParse(document.values(), NO_DEFAULT_MESSAGES)
}

const wantsNumber = (issue: SchemaIssue) =>
  issue.code === 'invalid_type' && (issue.expected === 'number' || issue.expected === 'int')

/** Compiles the valid part of every flow. */
function compileFlows(values: unknown, { isInterpolated }: Interpolation, { sources }: FlowJsonFiles) {
  const flows = new Map<string, Flow>()
  const problems: SchemaFinding[] = []
  const oddities: SchemaFinding[] = []
  for (const [key, value] of Object.entries(mapping(mapping(values).flows))) {
    const part = validPart(flowSchema, value)
    if (part === undefined) continue
    const compiled = compileFlow(key, part, sources.get(key))
    if (compiled.ok) flows.set(key, compiled.flow)
    const found = ({ path: inner, at = 'value', message }: FlowProblem): SchemaFinding => {
      const path = ['flows', key, ...inner]
      return { path, at, message: at === 'value' && isInterpolated(path) ? concealed(path) : message }
    }
    if (compiled.ok) oddities.push(...compiled.oddities.map(found))
    else problems.push(...compiled.problems.map(found))
  }
  return { flows, problems, oddities }
}

const concealed = (path: SchemaFinding['path']) =>
  `${nameOf(path)} is not right with what was filled in, which is not shown here because it may be secret`

/** Checks each valid section, even if others are not. */
async function crossCheck(values: unknown, setting: Setting): Promise<SchemaFinding[]> {
  const sections = mapping(values)
  const { shape } = configSchema
  const meta = shape.meta.safeParse(sections.meta).data
  const store = shape.store.safeParse(sections.store).data
  const journal = shape.journal.safeParse(sections.journal).data
  const privacy = shape.privacy.safeParse(sections.privacy).data
  const server = shape.server.safeParse(sections.server).data
  const api = shape.api.safeParse(sections.api).data
  const retention = shape.retention.safeParse(sections.retention).data
  const session = shape.session.safeParse(sections.session).data
  return [
    ...(meta ? [...checkSignature(meta), ...(await checkFlowKeys(meta, setting))] : []),
    ...(store ? await checkStoreUri(store) : []),
    ...(store && journal ? checkDatabases({ store, journal }, setting.folder, placeOfDatabase(sections)) : []),
    ...checkTokens({ ...(server && { server }), ...(api && { api }) }),
    ...(retention && session ? checkRetention(retention, session) : []),
    ...(retention ? checkHashing(hashingIn(sections, privacy?.hash_after), retention) : []),
    ...(privacy ? await checkPseudonymKey(privacy, setting) : []),
  ]
}

/** The store's, unless only the journal's is given. */
const placeOfDatabase = ({ store }: { readonly [key: string]: unknown }) =>
  mapping(store).uri === undefined ? ['journal', 'file'] : ['store', 'uri']

/** Each `hash_after`, where it stands. */
function hashingIn(sections: { readonly [key: string]: unknown }, inPrivacy: number | undefined) {
  const inFields = Object.entries(mapping(sections.flows)).flatMap(([flow, definition]) =>
    Object.entries(mapping(mapping(definition).screens)).flatMap(([screen, definition]) =>
      Object.entries(mapping(mapping(definition).fields)).flatMap(([field, options]) => {
        const { hash_after: text } = mapping(options)
        const hashAfter = typeof text === 'string' ? parseDuration(text) : undefined
        const path = ['flows', flow, 'screens', screen, 'fields', field, 'hash_after']
        return hashAfter === undefined ? [] : [{ path, hashAfter }]
      }),
    ),
  )
  return [...(inPrivacy === undefined ? [] : [{ path: ['privacy', 'hash_after'], hashAfter: inPrivacy }]), ...inFields]
}

const mapping = (value: unknown): { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null ? { ...value } : {}
