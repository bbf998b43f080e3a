import { MAX_SENT_BYTES } from '../flow/reply.ts'
import { payloadsOf } from '../insight/payloads.ts'
import { readContents } from './event-aggregates.ts'
import { flowReport } from './flow-report.ts'
import { reported } from './result.ts'

export const payloadReport = flowReport(async (context, query) =>
  reported({ limitBytes: MAX_SENT_BYTES, screens: payloadsOf(await readContents(context, query), MAX_SENT_BYTES) }),
)
