import { Argument, Command, Option } from 'commander'
import type { Loaded } from '../config/load-result.ts'
import { systemClock } from '../lib/clock.ts'
import { dayBounds } from '../lib/days.ts'
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportQuery,
  type ExportWhat,
  exportPages,
  exportRows,
} from '../store/export.ts'
import { beginExport, describeOutcome, describeSize, type ExportRecord } from '../store/export-records.ts'
import type { Store } from '../store/store.ts'
import { configOption } from './config-option.ts'
import { noFlow } from './no-flow.ts'
import { withStoreOf } from './open-store.ts'
import { print } from './print.ts'
import { stopSignal } from './stop-signal.ts'

const HELP = `
Writes to standard output, while the server may be running, and to standard error how many rows and bytes that were, and their SHA-256.
Ctrl-C (or SIGTERM) ends it; it is recorded after how many rows and bytes it stopped.
Days are whole days in server.timezone.
csv is RFC 4180 in UTF-8, for programs and for a spreadsheet's import. excel is what Excel opens with a double click where
lists are written with semicolons: a byte order mark, semicolons, numbers without decimals. In both an apostrophe stands
before whatever a spreadsheet would run as a formula. In ndjson each line is one JSON object with every value as it is.
parquet is for DuckDB, pandas and the like: instants, numbers and texts as such, JSON as text. \`screentrail import\` takes events
back from ndjson and csv.

Examples:
  $ screentrail export sessions > sessions.csv
  $ screentrail export sessions --format excel > sessions-excel.csv
  $ screentrail export events --flow repair-booking --from 2026-11-01 --until 2026-11-30 --format ndjson
  $ screentrail export events --format parquet > events.parquet`

const FORMATS = [...EXPORT_FORMATS, 'parquet'] as const

export function exportCommand(): Command {
  return new Command('export')
    .description('Write the sessions, or every event, as CSV, as CSV for Excel, as NDJSON, or as Parquet.')
    .addArgument(new Argument('<what>', 'what a row is').choices(['sessions', 'events']))
    .addOption(new Option('--format <format>', 'csv, excel, ndjson or parquet').choices(FORMATS).default('csv'))
    .option('--flow <key>', 'only this flow, by its key in the config')
    .option('--from <day>', 'only from this day on, as 2026-11-01')
    .option('--until <day>', 'only until this day, which is included')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(runExport)
}

type Options = {
  readonly format: ExportFormat | 'parquet'
  readonly flow?: string
  readonly from?: string
  readonly until?: string
  readonly config: string
}

async function runExport(what: ExportWhat, options: Options): Promise<void> {
  if (options.format === 'parquet' && process.stdout.isTTY)
    throw new Error(
      `Parquet is not for a terminal; write it to a file: screentrail export ${what} --format parquet > ${what}.parquet`,
    )
  const exitCode = await withStoreOf(options.config, 'reject', (opened) => writeExport(what, options, opened))
  // Now, as a reader that has stopped reading would keep the process alive.
  if (exitCode !== undefined) process.exit(exitCode)
}

/** The exit code of one that was stopped. */
async function writeExport(
  what: ExportWhat,
  options: Options,
  { config, flows, store }: Loaded & { readonly store: Store },
): Promise<number | undefined> {
  const query = queryOf(options, config.server.timezone)
  await expectFlow(options.flow, flows, store)
  const now = systemClock()
  const { format } = options
  const detail = [format, options.flow, options.from, options.until].filter(Boolean).join(', ')
  await store.audit({ at: now, who: 'command line', what: `export_${what}`, detail })
  const { lost_after } = config.session
  const stopped = stopSignal()
  const about = { who: 'command line', what, format, filters: filtersOf(options) }
  const { countRows, through, end } = await beginExport(store, systemClock, about)
  const chunks =
    format === 'parquet'
      ? // Loaded here, because nothing else needs it.
        (await import('../store/parquet.ts')).parquetOf(
          what,
          exportPages(store, what, query, now, lost_after, countRows),
        )
      : exportRows(store, what, format, query, now, lost_after, countRows)
  await print(through(chunks), stopped).catch(async (error: Error) => {
    const told = await end().then(describeStop, ({ message }) => `That it broke off could not be recorded: ${message}`)
    throw new Error(`${error.message}. ${told}`)
  })
  const record = await end()
  const exitCode = record.state === 'whole' ? undefined : await Promise.race([stopped, undefined])
  process.stderr.write(`${exitCode === undefined ? describeOutcome(record) : describeStop(record)}\n`)
  return exitCode
}

const describeStop = (record: ExportRecord): string => `Stopped after ${describeSize(record)}; the export is not whole.`

function filtersOf({ flow, from, until }: Options): string {
  const words = [flow && `flow ${flow}`, from && `from ${from}`, until && `until ${until}`].filter(Boolean)
  return words.join(', ') || 'everything'
}

/** The store may have sessions of one that is no longer in the config. */
async function expectFlow(key: string | undefined, flows: Loaded['flows'], store: Store): Promise<void> {
  if (key === undefined || flows.has(key)) return
  const stored = await store.flows({ isExact: true })
  if (!stored.includes(key)) throw noFlow(key, new Set([...flows.keys(), ...stored]))
}

function queryOf({ flow, from, until }: Options, timezone: string): ExportQuery {
  const day = (name: string, text: string) => {
    const bounds = dayBounds(text, timezone)
    if (!bounds) throw new Error(`${name} ${JSON.stringify(text)} is not a day; expected one such as 2026-11-22`)
    return bounds
  }
  if (from !== undefined && until !== undefined && day('--from', from).from > day('--until', until).from)
    throw new Error(`--from is ${from} and --until is ${until}; expected --from to be that day or before`)
  return {
    ...(flow !== undefined && { flow }),
    ...(from !== undefined && { from: day('--from', from).from }),
    ...(until !== undefined && { until: day('--until', until).until }),
  }
}
