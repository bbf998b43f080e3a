/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { Ledger } from '../../src/journal/ledger.ts'
import { Icon } from './icons.tsx'

type BalanceProps = { readonly ledger?: Ledger & { readonly isBalanced: boolean } }

/** The ledger as an equation, with what each number means. */
export function Balance({ ledger }: BalanceProps): JSX.Element {
  if (!ledger)
    return (
      <p class="verdict is-bad">
        <Icon name="warning" />
        The journal cannot be read at the moment. People are still answered; look into the log and at the free disk
        space.
      </p>
    )
  return (
    <>
      <div class="balance">
        <Term ledger={ledger} name="received" />
        {PARTS.map((name, index) => (
          <>
            <span class="operator">{index === 0 ? '=' : '+'}</span>
            <Term ledger={ledger} name={name} />
          </>
        ))}
      </div>
      <Verdict isBalanced={ledger.isBalanced} />
    </>
  )
}

const PARTS = ['stored', 'repeated', 'waiting', 'quarantined', 'dropped'] as const

const MEANINGS: { readonly [name in keyof Ledger]: string } = {
  received: 'requests that made an event',
  stored: 'safe in the store',
  repeated: 'known already, kept once',
  waiting: 'in the journal, on their way',
  quarantined: 'refused by the store, kept aside',
  dropped: 'lost: the journal could not be written, or was damaged',
}

/** Numbers that should be zero. */
const TROUBLE: ReadonlySet<keyof Ledger> = new Set(['quarantined', 'dropped'])

function Term({ ledger, name }: { readonly ledger: Ledger; readonly name: keyof Ledger }): JSX.Element {
  return (
    <div class={TROUBLE.has(name) && ledger[name] > 0 ? 'term is-bad' : 'term'}>
      <span class="term-value">{ledger[name].toLocaleString('en')}</span>
      <span class="term-name">{name}</span>
      <span class="term-meaning">{MEANINGS[name]}</span>
    </div>
  )
}

function Verdict({ isBalanced }: { readonly isBalanced: boolean }): JSX.Element {
  return isBalanced ? (
    <p class="verdict is-good">
      <Icon name="check" />
      It balances: every event that was received is accounted for.
    </p>
  ) : (
    <p class="verdict is-bad">
      <Icon name="warning" />
      It does not balance. Reload in a moment; if it stays so, keep the journal file and report it.
    </p>
  )
}
