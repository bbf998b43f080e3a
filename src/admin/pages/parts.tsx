/** @jsxImportSource preact */
import { PartsPage, type PartsView } from '../../../views/pages/parts.tsx'
import { page } from '../../http/html-response.ts'
import { DISTRIBUTIONS, SMALL_MULTIPLES } from '../part-examples/counts.ts'
import { MAPS } from '../part-examples/maps.ts'
import { FUNNELS, LINES, SPARKLINES, STACKED_BARS } from '../part-examples/shares.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { messageResponse, NOT_FOUND } from './message.tsx'

/** Every chart with all kinds of data, for those who work on them. */
export function getPartsPage({ isDevelopment }: PageDeps, { request, user }: AccountRequest): Response {
  if (!isDevelopment) return messageResponse(request, NOT_FOUND, 404, user)
  return page(<PartsPage account={pageAccount(user)} view={EXAMPLES} />)
}

const EXAMPLES: PartsView = {
  maps: MAPS,
  funnels: FUNNELS,
  lines: LINES,
  sparklines: SPARKLINES,
  distributions: DISTRIBUTIONS,
  multiples: SMALL_MULTIPLES,
  stackedBars: STACKED_BARS,
}
