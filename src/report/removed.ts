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
