import { attachment } from '../http/html-response.ts'
import { dayOf } from '../lib/days.ts'
import { streamOf } from '../lib/stream-of.ts'
import { queryStringOf } from '../query/session-parameters.ts'
import { EXPORT_FORMATS, type ExportFormat, type ExportWhat, exportRows } from '../store/export.ts'
import { beginExport } from '../store/export-records.ts'
import { problemResponse } from './pages/problem.ts'
import type { AccountRequest, PageDeps } from './request.ts'
import { describeFilters, exportQueryOf, readSessionList } from './session-list.ts'

/** Streams the rows while it reads them. A browser that disconnects stops the reading. */
export async function sendExport(
  deps: PageDeps,
  { request, url, user }: AccountRequest,
  what: ExportWhat,
): Promise<Response> {
  const { store, config, clock, formsOfToken, erasure, log } = deps
  const { timezone } = config.server
  const now = clock()
  const wanted = url.searchParams.get('format')
  const format = EXPORT_FORMATS.find((each) => each === wanted) ?? 'csv'
  const list = readSessionList(url.searchParams, formsOfToken, ['format'])
  if (!list.ok) return problemResponse(request, user, list, '/admin/sessions')
  const { values } = list.report
  const audited = { ...values, token: values.token && erasure.auditedToken(String(values.token)) }
  const detail = `${format}, ${queryStringOf(audited) || 'everything'}`
  await store.audit({ at: now, who: user.name, what: `export_${what}`, detail })

  const query = exportQueryOf(list.report, config)
  const about = { who: user.name, what, format, filters: describeFilters(audited, { timezone, now }) }
  const recorded = await beginExport(store, clock, about)
  const rows = exportRows(store, what, format, query, now, config.session.lost_after, recorded.countRows)
  const stream = streamOf(recorded.through(rows), {
    onError: (error) => log.error({ err: error }, 'an export broke off'),
    async onEnd() {
      await recorded
        .end()
        .catch((error: unknown) => log.error({ err: error }, 'the end of an export could not be recorded'))
    },
  })
  const [suffix, type] = FILES[format]
  return attachment(stream, `${what}-${dayOf(now, timezone)}${suffix}`, type)
}

const FILES: { readonly [format in ExportFormat]: readonly [suffix: string, type: string] } = {
  csv: ['.csv', 'text/csv'],
  excel: ['-excel.csv', 'text/csv'],
  ndjson: ['.ndjson', 'application/x-ndjson'],
}
