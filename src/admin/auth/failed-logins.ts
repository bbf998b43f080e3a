// What the audit log says of failed logins. Of each address and account one entry an hour, and one that sums up the rest of
// the hour, so that whoever guesses fills neither the log nor the disk.

import { networkOf } from '../../http/client-network.ts'
import type { Clock } from '../../lib/clock.ts'
import { HOUR_MS } from '../../lib/units.ts'
import type { Store } from '../../store/store.ts'

export type FailedLogins = {
  /** A wrong password, or a name that is none. `account`: the name when it is one of ours; what else people type is kept nowhere. */
  wrong(address: string, account: string | undefined): Promise<void>
  /** One that was not looked at, as there were too many. */
  unheard(address: string): void
  /** Writes the summary of the hour that is over; with `all` also of the one that is not. */
  summarise(all?: boolean): Promise<void>
}

/** Addresses and accounts that an hour tells apart; the others are one. */
export const TOLD_APART = 10

type FailedLoginSource = {
  readonly network: string
  readonly account: string | undefined
  wrong: number
  unheard: number
}

export function createFailedLogins({ audit, clock }: { readonly audit: Store['audit']; readonly clock: Clock }) {
  let hour = hourOf(clock())
  let sources: FailedLoginSource[] = []
  let others: FailedLoginSource = elsewhere()

  const write = (at: number, detail: string) => audit({ at, who: 'somebody', what: 'login_failed', detail })

  const close = async () => {
    const at = Math.min(clock(), (hour + 1) * HOUR_MS - 1)
    const summaries = [...sources, others].filter(({ wrong, unheard }) => wrong + unheard > 0).map(summaryOf)
    hour = hourOf(clock())
    sources = []
    others = elsewhere()
    for (const detail of summaries) await write(at, detail)
  }
  const closeWhenOver = async () => {
    if (hourOf(clock()) !== hour) await close()
  }

  return {
    async wrong(address, account) {
      await closeWhenOver()
      const network = networkOf(address)
      const source = sources.find((known) => known.network === network && known.account === account)
      if (source) source.wrong++
      else if (sources.length >= TOLD_APART) others.wrong++
      else {
        sources.push({ network, account, wrong: 0, unheard: 0 })
        await write(clock(), `${asWhom(account)}from ${network}`)
      }
    },
    unheard(address) {
      const network = networkOf(address)
      const source = sources.find((known) => known.network === network) ?? others
      source.unheard++
    },
    summarise: (all = false) => (all ? close() : closeWhenOver()),
  } satisfies FailedLogins
}

const hourOf = (at: number): number => Math.floor(at / HOUR_MS)

const elsewhere = (): FailedLoginSource => ({ network: 'elsewhere', account: undefined, wrong: 0, unheard: 0 })

const asWhom = (account: string | undefined): string => (account === undefined ? '' : `as ${account} `)

function summaryOf({ network, account, wrong, unheard }: FailedLoginSource): string {
  const counts = [
    ...(wrong > 0 ? [`${wrong.toLocaleString('en')} more`] : []),
    ...(unheard > 0 ? [`${unheard.toLocaleString('en')} not looked at, as there were too many`] : []),
  ]
  return `${asWhom(account)}from ${network} within the hour: ${counts.join(', ')}`
}
