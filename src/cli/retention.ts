import { Command } from 'commander'
import { plural } from '../health/check.ts'
import { systemClock } from '../lib/clock.ts'
import { showSize } from '../lib/units.ts'
import { type Expiring, previewExpired } from '../retention/preview.ts'
import { expiredAt } from '../retention/remove-expired.ts'
import type { Store } from '../store/store.ts'
import { openStoreOf } from './open-store.ts'
import { createProgressBar } from './progress-bar.ts'

const HELP = `
Nothing is removed by this command. The server removes what is too old every night; \`screentrail jobs run retention\` does it now.
No number of a report changes. An event leaves together with the last one of its session.

Example:
  $ screentrail retention --dry-run`

export function retentionCommand(): Command {
  return new Command('retention')
    .description('tell what retention would remove now')
    .option('-c, --config <file>', 'the config file', 'config.yaml')
    .option('--dry-run', 'the same: this command only tells')
    .addHelpText('after', HELP)
    .action(tellRetention)
}

async function tellRetention({ config: file }: { readonly config: string }): Promise<void> {
  const { store, config } = await openStoreOf(file)
  try {
    if (config.retention.events === undefined) {
      print('`retention.events` is not set in the config: nothing is ever removed.')
      return
    }
    const now = systemClock()
    const bar = createProgressBar()
    const total = await store.totals(now, config.session.lost_after)
    const all = total.events + Object.values(total.endings).reduce((sum, number) => sum + number, 0)
    const preview = await previewExpired(store, expiredAt(now, config.retention), (found) =>
      bar.show(all === 0 ? 1 : Math.min(found / all, 1), `${plural(found, 'row')} found`),
    )
    bar.clear()
    print(lineOf('event', preview.events))
    print(lineOf('session', preview.sessions))
    print(roomOf(preview.events.count, total))
  } finally {
    await store.close()
  }
}

/** `312 events from 2026-03-02T09:00:00.000Z to …: repair-booking 300, feedback 12` */
function lineOf(name: string, { count, flows, from = 0, to = 0 }: Expiring): string {
  if (count === 0) return `No ${name} is too old.`
  const byFlow = Object.entries(flows).map(([flow, number]) => `${flow} ${number.toLocaleString('en')}`)
  return `${plural(count, name)} from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}: ${byFlow.join(', ')}`
}

function roomOf(events: number, { events: all, bytes }: Awaited<ReturnType<Store['totals']>>): string {
  if (all === 0 || bytes === 0) return 'How much room they take is not known.'
  return `That is about ${showSize((bytes * events) / all)} of ${showSize(bytes)}.`
}

const print = (line: string) => void process.stdout.write(`${line}\n`)
