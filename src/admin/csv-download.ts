import { PRIVATE_HEADERS } from '../http/headers.ts'
import { dayOf } from '../lib/days.ts'
import { EXPORT_FORMATS, type ExportFormat, type ExportWhat, exportRows } from '../store/export.ts'
import type { AccountRequest, PageDeps } from './request.ts'
import { queryOf, readFilters, searchOf } from './session-filters.ts'

/** Sends the rows while they are read; a browser that goes away stops the reading. */
export async function sendExport(
  deps: PageDeps,
  { url, visitor }: AccountRequest,
  what: ExportWhat,
): Promise<Response> {
  const { store, config, clock, formsOfToken } = deps
  const { timezone } = config.server
  const now = clock()
  const asked = url.searchParams.get('format')
  const format = EXPORT_FORMATS.find((known) => known === asked) ?? 'csv'
  const filters = readFilters(url.searchParams, timezone)
  // The audit log is written down, too.
  const [token = ''] = filters.token ? formsOfToken(filters.token) : []
  const detail = `${format}, ${searchOf({ ...filters, token }) || 'everything'}`
  await store.audit({ at: now, who: visitor.name, what: `export_${what}`, detail })

  const rows = exportRows(store, what, format, queryOf(filters, timezone, formsOfToken), now, config.session.lost_after)
  return new Response(
    streamOf(rows, (error) => deps.log.error({ err: error, what }, 'an export broke off')),
    {
      headers: {
        ...PRIVATE_HEADERS,
        'content-type': TYPES[format],
        'content-disposition': `attachment; filename="${what}-${dayOf(now, timezone)}${NAME_ENDS[format]}"`,
      },
    },
  )
}

const TYPES: { readonly [format in ExportFormat]: string } = {
  csv: 'text/csv; charset=utf-8',
  excel: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

const NAME_ENDS: { readonly [format in ExportFormat]: string } = {
  csv: '.csv',
  excel: '-excel.csv',
  ndjson: '.ndjson',
}

function streamOf(chunks: AsyncGenerator<string>, onError: (error: unknown) => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      } catch (error) {
        onError(error)
        controller.error(error)
      }
    },
    async cancel() {
      await chunks.return(undefined)
    },
  })
}
