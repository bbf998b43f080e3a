import { NEVER } from '../store/frozen.ts'
import type { ReportContext } from './context.ts'
import type { Period } from './period.ts'

/** The instant before which the numbers of the period were removed, if they were. */
export async function removedBefore(
  { store }: Pick<ReportContext, 'store'>,
  { startsAt }: Pick<Period, 'startsAt'>,
): Promise<{ removedBefore?: number }> {
  const before = await store.rollupsBefore()
  return startsAt < before ? { removedBefore: before } : {}
}

/** The instant before which retention removed sessions of a flow, or of any, that began in the span, if it did. */
export async function sessionsRemovedBefore(
  { store }: Pick<ReportContext, 'store'>,
  {
    startsAt = NEVER,
    endsAt = Number.POSITIVE_INFINITY,
  }: { readonly startsAt?: number | undefined; readonly endsAt?: number | undefined },
  flow?: string,
): Promise<{ removedBefore?: number }> {
  const { sessionsBefore } = await store.frozen()
  const span = { from: startsAt, until: Math.min(endsAt, sessionsBefore) }
  if (span.from >= span.until) return {}
  // Once the numbers have left, too, nobody knows whose they were.
  const isRemoved = startsAt < (await store.rollupsBefore()) || (await store.hadSessions(span, flow))
  return isRemoved ? { removedBefore: sessionsBefore } : {}
}
