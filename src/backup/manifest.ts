// What a backup says of itself. Pure.

import { z } from 'zod'
import { isObject, parseJson } from '../lib/json.ts'

const count = z.int().min(0)

/**
 * Of a flow, over the last 400 days: what the reports said. Both are equal, unless people went on while a MongoDB was read; without
 * `atMost`, they went on so fast that the reports could not follow.
 */
const numbers = z.strictObject({
  flow: z.string(),
  atLeast: z.strictObject({ sessions: count, completed: count }),
  atMost: z.strictObject({ sessions: count, completed: count }).exactOptional(),
})

const file = z.strictObject({
  /** Never a path: what a manifest says is not to lead anywhere else. */
  name: z.string().regex(/^[\w-][\w.-]*$/),
  bytes: count,
  /** Hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of a collection of MongoDB. */
  documents: count.exactOptional(),
})

const manifest = z.strictObject({
  format: z.literal(1),
  /** When the backup began, as an instant of ISO 8601 in UTC: all that was recorded before is in it. */
  at: z.iso.datetime({ precision: 3 }),
  /** Of Screentrail. */
  version: z.string(),
  store: z.enum(['sqlite', 'mongodb']),
  /** Of the store's tables or documents. */
  layout: count,
  counts: z.strictObject({
    events: count,
    sessions: count,
    /** Events in the journal that the store had not taken. */
    waiting: count,
  }),
  /** Without it, the store has an older layout, whose numbers this version does not compute. */
  numbers: z.array(numbers).exactOptional(),
  /** By flow and report, what stands for its answer; only of a copy of one instant. Another version may answer otherwise. */
  answers: z.record(z.string(), z.record(z.string(), z.string())).exactOptional(),
  files: z.array(file).min(1),
})

export type Manifest = z.infer<typeof manifest>
export type FlowNumbers = z.infer<typeof numbers>

export const FORMAT = 1
export const sizeOf = ({ files }: Pick<Manifest, 'files'>): number => files.reduce((sum, { bytes }) => sum + bytes, 0)

/** `place`: of the manifest, for messages. Throws one sentence unless this version can restore the backup. */
export function parseManifest(
  text: string,
  place: string,
  layouts: { readonly [store in Manifest['store']]: number },
): Manifest {
  const found: unknown = parseJson(text)
  if (found === undefined) throw new Error(`${place} is not JSON; take another backup`)
  if (isObject(found) && typeof found.format === 'number' && found.format > FORMAT)
    throw new Error(
      `${place} was made by a newer Screentrail (format ${found.format}); update Screentrail, then restore it`,
    )
  const { data, error } = manifest.safeParse(found)
  if (!data) {
    const issue = error?.issues[0]
    const where = issue && issue.path.length > 0 ? `\`${issue.path.join('.')}\`: ` : ''
    throw new Error(`${place} is no manifest of a backup (${where}${issue?.message ?? ''}); take another backup`)
  }
  if (data.layout > layouts[data.store])
    throw new Error(
      `${place} is of a newer Screentrail (${data.version}, layout ${data.layout} of the store; this one knows up to ` +
        `${layouts[data.store]}); update Screentrail, then restore it`,
    )
  return data
}

/** What differs between the numbers now and those at the backup, a clause each. */
export function differencesOf(
  expected: readonly FlowNumbers[],
  found: ReadonlyMap<string, FlowNumbers['atLeast']>,
): string[] {
  const flows = new Set([...expected.map(({ flow }) => flow), ...found.keys()])
  return [...flows].flatMap((flow) => {
    const { atLeast, atMost } = expected.find((each) => each.flow === flow) ?? { atLeast: NONE, atMost: NONE }
    const now = found.get(flow) ?? NONE
    return (['sessions', 'completed'] as const).flatMap((what) =>
      now[what] >= atLeast[what] && now[what] <= (atMost?.[what] ?? Number.POSITIVE_INFINITY)
        ? []
        : `${flow} has ${now[what]} ${what}, and had ${spanOf(atLeast[what], atMost?.[what])}`,
    )
  })
}

/** The reports that answer otherwise, a clause for each flow that has any. */
export const answersThatDiffer = (expected: Answers, found: Answers): string[] =>
  Object.entries(expected).flatMap(([flow, answers]) => {
    const names = Object.keys(answers).filter((name) => found[flow]?.[name] !== answers[name])
    return names.length === 0 ? [] : `${flow} is answered otherwise about ${names.join(', ')}`
  })

type Answers = NonNullable<Manifest['answers']>

const NONE = { sessions: 0, completed: 0 }

function spanOf(least: number, most: number | undefined): string {
  if (most === undefined) return `${least} or more`
  return least === most ? `${least}` : `${least} to ${most}`
}
