import { Command } from 'commander'
import { systemClock } from '../lib/clock.ts'
import { plural } from '../lib/plural.ts'
import { describePreview } from '../retention/describe-preview.ts'
import { previewExpired } from '../retention/preview.ts'
import { expiredAt } from '../retention/remove-expired.ts'
import { configOption } from './config-option.ts'
import { withStoreOf } from './open-store.ts'
import { createProgressBar } from './progress-bar.ts'

const HELP = `
Nothing is removed by this command. The server removes what is too old every night; \`screentrail jobs run retention\` does it now.
No number of a report changes, unless retention.rollups gives numbers an age, too. An event leaves together with the last one of its
session.

Example:
  $ screentrail retention --dry-run`

export function retentionCommand(): Command {
  return new Command('retention')
    .description('tell what retention would remove now')
    .addOption(configOption())
    .option('--dry-run', 'the same: this command only tells')
    .addHelpText('after', HELP)
    .action(tellRetention)
}

async function tellRetention({ config: file }: { readonly config: string }): Promise<void> {
  await withStoreOf(file, 'reject', async ({ store, config }) => {
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
    for (const line of describePreview(preview, total)) print(line)
  })
}

const print = (line: string) => void process.stdout.write(`${line}\n`)
