// Failed logins in the audit log. Each address and account gets one entry an hour, plus one that summarises the rest of
// the hour, so that an attacker fills neither the log nor the disk.

import { networkOf } from '../../http/client-network.ts'
import type { Clock } from '../../lib/clock.ts'
import { HOUR_MS } from '../../lib/units.ts'
import type { Store } from '../../store/store.ts'

export type FailedLogins = ReturnType<typeof createFailedLogins>

/** Pairs of address and account with entries of their own in one hour; the others share one. */
export const MAX_SOURCES = 10

type FailedLoginSource = {
  readonly network: string
  readonly account: string | undefined
  wrong: number
  unchecked: number
}

export function createFailedLogins({ audit, clock }: { readonly audit: Store['audit']; readonly clock: Clock }) {
  let hour = hourOf(clock())
  let sources: FailedLoginSource[] = []
  let others: FailedLoginSource = newOthers()

  const write = (at: number, detail: string) => audit({ at, who: 'somebody', what: 'login_failed', detail })

  const summarise = async () => {
    const at = Math.min(clock(), (hour + 1) * HOUR_MS - 1)
    const summaries = [...sources, others].filter(({ wrong, unchecked }) => wrong + unchecked > 0).map(summaryOf)
    hour = hourOf(clock())
    sources = []
    others = newOthers()
    for (const detail of summaries) await write(at, detail)
  }
  const summarisePastHour = async () => {
    if (hourOf(clock()) !== hour) await summarise()
  }

  return {
    /** Records a wrong password or an unknown name. `account`: the name if the account exists; no other name is stored. */
    async wrong(address: string, account: string | undefined) {
      await summarisePastHour()
      const network = networkOf(address)
      const source = sources.find((each) => each.network === network && each.account === account)
      if (source) source.wrong++
      else if (sources.length >= MAX_SOURCES) others.wrong++
      else {
        sources.push({ network, account, wrong: 0, unchecked: 0 })
        await write(clock(), `${accountText(account)}from ${network}`)
      }
    },
    /** Records an attempt whose password was not checked, because there were too many. */
    unchecked(address: string) {
      const network = networkOf(address)
      const source = sources.find((each) => each.network === network) ?? others
      source.unchecked++
    },
    /** Writes the summary of a past hour; with `all` also of the current one. */
    summarise: (all = false) => (all ? summarise() : summarisePastHour()),
  }
}

const hourOf = (at: number): number => Math.floor(at / HOUR_MS)

const newOthers = (): FailedLoginSource => ({ network: 'elsewhere', account: undefined, wrong: 0, unchecked: 0 })

const accountText = (account: string | undefined): string => (account === undefined ? '' : `as ${account} `)

function summaryOf({ network, account, wrong, unchecked }: FailedLoginSource): string {
  const counts = [
    ...(wrong > 0 ? [`${wrong.toLocaleString('en')} more`] : []),
    ...(unchecked > 0 ? [`${unchecked.toLocaleString('en')} not looked at, as there were too many`] : []),
  ]
  return `${accountText(account)}from ${network} within the hour: ${counts.join(', ')}`
}
