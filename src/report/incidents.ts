// The requests that were refused: how many of each category, what that means, and what to do about it.

import type { Cursor, IncidentCounts } from '../store/store.ts'
import { INCIDENT_CATEGORIES, type IncidentCategory } from '../trail/incident.ts'
import type { ReportContext } from './context.ts'
import { reported } from './result.ts'
import type { CategoryCount } from './shapes.ts'

type IncidentQuestion = {
  readonly category?: IncidentCategory | undefined
  readonly limit: number
  readonly after?: Cursor | undefined
}

/** `incidents`: newest first. */
export async function incidentReport(
  { store }: Pick<ReportContext, 'store'>,
  { category, limit, after }: IncidentQuestion,
) {
  const query = { limit, ...(category && { category }), ...(after !== undefined && { after }) }
  const [incidents, counts] = await Promise.all([store.incidents(query), store.incidentCounts()])
  return reported({ categories: categoryCounts(counts), incidents })
}

export const categoryCounts = (counts: IncidentCounts): CategoryCount[] =>
  INCIDENT_CATEGORIES.map((category) => ({ category, ...MEANINGS[category], requests: counts[category] ?? 0 }))

const MEANINGS: { readonly [category in IncidentCategory]: Pick<CategoryCount, 'label' | 'meaning' | 'fix'> } = {
  decrypt_failed: {
    label: 'Could not be decrypted',
    meaning:
      'The request was encrypted for another key than ours. Answered 421, upon which the app fetches our public key anew.',
    fix: 'A few after a change of keys are normal. If they go on, upload the public key that belongs to meta.keys to the phone number again.',
  },
  bad_signature: {
    label: 'Signature does not match',
    meaning: 'The request was not signed with an app secret we know, or not signed at all. Answered 432.',
    fix: 'Compare meta.app_secrets with the secret of the app that owns the flow. From unknown senders these are harmless.',
  },
  token_refused: {
    label: 'Flow token refused',
    meaning: "The flow's tokens.accept did not accept the token. Answered 427: the person sees your expired message.",
    fix: 'Expected for old messages. Otherwise send a new message, or widen tokens.accept.',
  },
  malformed: {
    label: 'Not a flow request',
    meaning: 'What arrived is not an encrypted flow request, or lacks what Meta promises.',
    fix: 'Mostly scanners and other visitors of the address; nothing to do unless a proxy changes request bodies.',
  },
  too_large: {
    label: 'Too large',
    meaning: 'The body was over the limit and was not read to its end.',
    fix: 'Photos and documents belong in the media fields of the flow, which send references rather than contents.',
  },
  unknown_flow: {
    label: 'No such flow',
    meaning: 'The address names a flow that is not in the config.',
    fix: 'Compare the endpoint address at Meta with the keys under flows in config.yaml.',
  },
}
