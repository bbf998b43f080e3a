/** @jsxImportSource preact */
import { z } from 'zod'
import { type PersonCardView, PersonPage } from '../../../views/pages/data-person.tsx'
import { describeErased, describePreview, LATER } from '../../erasure/describe.ts'
import { handOut } from '../../erasure/hand-out.ts'
import type { Person } from '../../erasure/person.ts'
import { isNothing, SHARED } from '../../erasure/preview.ts'
import { previewInTime, TOO_LONG } from '../../erasure/preview-in-time.ts'
import { hashShape } from '../../erasure/tombstone-file.ts'
import { attachment, page, redirect } from '../../http/html-response.ts'
import { own, parseJson } from '../../lib/json.ts'
import { sentenceOf } from '../../lib/sentence.ts'
import { readForm } from '../auth/read-form.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'

/** What the page Data shows of it. */
export async function personCardOf(
  { erasure, config, localTime }: PageDeps,
  problem: string | null,
): Promise<PersonCardView> {
  const erasures = (await erasure.requests.list()).toReversed().slice(0, ERASURES_SHOWN)
  const text = own<string>(PROBLEMS, problem ?? '')
  return {
    flows: Object.keys(config.flows),
    erasures: erasures.map((each) => ({
      id: each.id,
      at: localTime.second(each.at),
      by: each.by,
      ...(each.state === 'done' && { text: describeErased(each.result) }),
    })),
    ...(text !== undefined && { problem: text }),
  }
}

const ERASURES_SHOWN = 10

const PROBLEMS = {
  form: 'The form is not complete. Choose what you know of the person, and type it.',
  nobody:
    'No such person: a token that Meta sends for everybody belongs to nobody, and a pseudonym is h: and 22 letters.',
  shared: sentenceOf(SHARED),
  long: sentenceOf(TOO_LONG),
}

const lookForm = z.object({
  by: z.enum(['token', 'pseudonym', 'value']),
  text: z.string().min(1).max(4_096),
  flow: z.string().max(100).default(''),
})

/** Only shows what there is. */
export async function lookForPerson(deps: PageDeps, incoming: AccountRequest): Promise<Response> {
  const { request } = incoming
  const form = await readForm(request, lookForm)
  if (!form.ok) return refusal(request, 'form')
  const { by, text, flow } = form.values
  const read = await deps.erasure.read({ [by]: text, ...(flow !== '' && { flow }) })
  if (!read.ok) return refusal(request, 'nobody')
  return show(deps, incoming, read.person)
}

/** The rest is by POST, too, so that no address and no log has a person. */
export async function exportFoundPerson(deps: PageDeps, { request, user }: AccountRequest): Promise<Response> {
  const form = await readForm(request, personForm)
  if (!form.ok) return refusal(request, 'form')
  const { person } = form.values
  const { erasure, waitingOf, config, log } = deps
  const at = deps.clock()
  const found = await previewInTime(person, at, erasure)
  if (!found.ok) return refusal(request, reasonOf(found))
  const about = { erasure, waitingOf, lostAfterMs: config.session.lost_after, log }
  const body = await handOut(person, found, { at, who: user.name }, about)
  return attachment(body, `person-${person.id.slice(0, 12)}.json`, 'application/json')
}

export async function eraseFoundPerson(deps: PageDeps, incoming: AccountRequest): Promise<Response> {
  const { request, user } = incoming
  const form = await readForm(request, eraseForm)
  if (!form.ok) return refusal(request, 'form')
  const { person, sessions } = form.values
  const at = deps.clock()
  const found = await previewInTime(person, at, deps.erasure)
  if (!found.ok) return refusal(request, reasonOf(found))
  if (sessions.replace(/[\s,.]/g, '') !== String(found.preview.sessions))
    return show(deps, incoming, person, `Nothing was erased: there are ${found.preview.sessions} sessions.`)
  await deps.erasure.requests.add(person, user.name, at)
  // If it runs at this moment, the next run does this one.
  await deps.jobs.start('erase', user.name)
  return redirect(request, '/admin/data')
}

/** What `lookForPerson` has found out of what was typed. */
const personShape = z.object({
  id: hashShape,
  hashes: z.array(hashShape).min(1).max(10),
  tokens: z.array(z.string().max(4_096)).max(10),
  flow: z.string().max(100).optional(),
  isSearched: z.boolean(),
})

const personField = z
  .string()
  .transform((text): unknown => parseJson(text))
  .pipe(personShape as z.ZodType<Person, unknown>)
const personForm = z.object({ person: personField })
const eraseForm = z.object({ person: personField, sessions: z.string().max(20) })

const refusal = (request: Request, reason: keyof typeof PROBLEMS): Response =>
  redirect(request, `/admin/data?person=${reason}#person`)

const reasonOf = ({ mistake }: { readonly mistake: string }) => (mistake === TOO_LONG ? 'long' : 'shared')

async function show(
  deps: PageDeps,
  { request, user }: AccountRequest,
  person: Person,
  problem?: string,
): Promise<Response> {
  const found = await previewInTime(person, deps.clock(), deps.erasure)
  if (!found.ok) return refusal(request, reasonOf(found))
  const view = {
    person: JSON.stringify(person),
    sessions: found.preview.sessions,
    isNothing: isNothing(found.preview),
    found: describePreview(found.preview),
    later: LATER,
    ...(problem !== undefined && { problem }),
  }
  return page(<PersonPage account={pageAccount(user)} view={view} />)
}
