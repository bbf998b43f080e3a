// Handing out and erasing everything of one person: the only calls that take a body, as no address and no log may have a person.

import { z } from 'zod'
import { describePreview } from '../erasure/describe.ts'
import type { ErasureParts } from '../erasure/erasure.ts'
import { handOut } from '../erasure/hand-out.ts'
import type { Person } from '../erasure/person.ts'
import { previewInTime, TOO_LONG } from '../erasure/preview-in-time.ts'
import type { Clock } from '../lib/clock.ts'
import { parseJson } from '../lib/json.ts'
import type { LogLines } from '../lib/rate-limited-log.ts'
import { readBytes } from '../lib/read-bytes.ts'
import { countShape, instant } from '../lib/shapes.ts'
import { withTimeout } from '../lib/with-timeout.ts'
import type { TrailEvent } from '../trail/event.ts'
import { errorResponse, jsonHeaders, jsonResponse } from './response.ts'

export type PersonDeps = {
  readonly erasure: Pick<ErasureParts, 'read' | 'requests' | 'search'>
  /** `session.lost_after`, milliseconds. */
  readonly lostAfterMs: number
  readonly waitingOf: (flow: string, token: string) => Promise<readonly TrailEvent[]>
  /** Has the job done now, unless it is being done. */
  readonly startErasing: (by: string) => Promise<unknown>
  readonly clock: Clock
  readonly log: LogLines
}

export type PersonCall = {
  readonly path: string
  readonly summary: string
  readonly asked: z.ZodType
  /** By status. Without a shape, it is as `docs/data-erase.md` tells. */
  readonly answers: { readonly [status: number]: { readonly what: string; readonly answer?: z.ZodType } }
  readonly answer: (deps: PersonDeps, request: Request, caller: string) => Promise<Response>
}

const text = z.string().min(1).max(4_096).optional()

const asked = z.strictObject({ token: text, pseudonym: text, value: text, flow: z.string().max(100).optional() })

const askedToErase = asked.extend({ sessions: z.int().min(0).optional() })

const previewShape = z.strictObject({
  person: z.string(),
  tokens: countShape,
  sessions: countShape,
  events: countShape,
  archivedEvents: countShape,
  text: z.string(),
})

const requestedShape = z.strictObject({ person: z.string(), at: instant })

/** Bytes of a body. */
const LONGEST_BODY = 16_384
const BODY_MS = 10_000

const exportCall: PersonCall = {
  path: '/person/export',
  summary: 'Everything that there is of one person.',
  asked,
  answers: { 200: { what: 'By token, under shared tokens, in the archive.' } },
  async answer(deps, request, caller) {
    const read = await readAsked(request, asked, deps)
    if (read instanceof Response) return read
    const at = deps.clock()
    const found = await look(read.person, at, deps)
    if (found instanceof Response) return found
    const body = await handOut(read.person, found, { at, who: caller }, deps)
    return new Response(body, { headers: jsonHeaders })
  },
}

const eraseCall: PersonCall = {
  path: '/person/erase',
  summary:
    'Erases everything that there is of one person, when the number of sessions is sent along; else only counts.',
  asked: askedToErase,
  answers: {
    200: { what: 'What there is; nothing was erased.', answer: previewShape },
    202: { what: 'The person is being erased.', answer: requestedShape },
    409: { what: 'There are more or fewer sessions by now; nothing was erased.' },
  },
  async answer(deps, request, caller) {
    const read = await readAsked(request, askedToErase, deps)
    if (read instanceof Response) return read
    const { person, sessions: expected } = read
    const at = deps.clock()
    const found = await look(person, at, deps)
    if (found instanceof Response) return found
    const { tokens, sessions, events, archivedEvents } = found.preview
    if (expected === undefined) {
      const preview = { person: person.id, tokens, sessions, events, archivedEvents }
      return jsonResponse(200, { ...preview, text: describePreview(found.preview).join(' ') })
    }
    if (expected !== sessions)
      return errorResponse(409, 'changed', `There are ${sessions} sessions, not ${expected}; nothing was erased.`)
    await deps.erasure.requests.add(person, caller, at)
    await deps.startErasing(caller)
    return jsonResponse(202, { person: person.id, at: new Date(at).toISOString() })
  },
}

export const PERSON_CALLS: readonly PersonCall[] = [exportCall, eraseCall]

type ReadAsked = { readonly person: Person; readonly sessions?: number | undefined }

/** Never quotes what was sent, unless it is a token, a pseudonym or a flow. */
async function readAsked(
  request: Request,
  shape: typeof asked,
  { erasure }: PersonDeps,
): Promise<ReadAsked | Response> {
  const bytes = await withTimeout(BODY_MS, readBytes(request.body, LONGEST_BODY)).catch(() => undefined)
  const found = shape.safeParse(bytes && parseJson(bytes.toString()))
  if (!found.success) return errorResponse(400, 'bad_body', EXPECTED)
  const { sessions, ...named } = found.data as z.output<typeof askedToErase>
  const read = await erasure.read(named)
  return read.ok ? { person: read.person, sessions } : errorResponse(400, 'bad_body', `Not a person: ${read.mistake}.`)
}

const EXPECTED =
  'Expected a JSON object with one of `token`, `pseudonym` and `value`, each a text, and if wanted a `flow`; to erase also `sessions`, a number.'

async function look(person: Person, at: number, { erasure }: PersonDeps) {
  const found = await previewInTime(person, at, erasure)
  if (found.ok) return found
  if (found.mistake === TOO_LONG) return errorResponse(503, 'too_long', `${TOO_LONG}.`)
  return errorResponse(400, 'bad_body', `Not a person: ${found.mistake}.`)
}
