/** @jsxImportSource preact */

import type { ComponentChildren } from 'preact'
import { whole } from '../numbers.ts'
import { Icon } from './icons.tsx'

/** Events by what became of them. */
export type LedgerView = { readonly [name in 'received' | (typeof PARTS)[number]]: number } & {
  readonly isBalanced: boolean
}

/** The ledger as an equation, with the meaning of each number. `ledger` is absent if the journal cannot be read. */
export function Balance({ ledger }: { readonly ledger?: LedgerView }) {
  if (!ledger)
    return (
      <Status isGood={false}>
        The journal cannot be read at the moment. People are still answered; look into the log and at the free disk
        space.
      </Status>
    )
  return (
    <>
      <div class="balance">
        <LedgerTerm ledger={ledger} name="received" />
        {PARTS.map((name, index) => (
          <>
            <span class="operator">{index === 0 ? '=' : '+'}</span>
            <LedgerTerm ledger={ledger} name={name} />
          </>
        ))}
      </div>
      <Status isGood={ledger.isBalanced}>
        {ledger.isBalanced
          ? 'It balances: every event that was received is accounted for.'
          : 'It does not balance. Reload in a moment; if it stays so, keep the journal file and report it.'}
      </Status>
    </>
  )
}

const PARTS = ['stored', 'repeated', 'waiting', 'quarantined', 'dropped'] as const

type Term = Exclude<keyof LedgerView, 'isBalanced'>

const MEANINGS: { readonly [name in Term]: string } = {
  received: 'requests that made an event',
  stored: 'safe in the store',
  repeated: 'known already, kept once',
  waiting: 'in the journal, on their way',
  quarantined: 'refused by the store, kept aside',
  dropped: 'lost: the journal could not be written, or was damaged',
}

const SHOULD_BE_ZERO: ReadonlySet<Term> = new Set(['quarantined', 'dropped'])

function LedgerTerm({ ledger, name }: { readonly ledger: LedgerView; readonly name: Term }) {
  return (
    <div class={SHOULD_BE_ZERO.has(name) && ledger[name] > 0 ? 'term is-bad' : 'term'}>
      <span class="term-value">{whole(ledger[name])}</span>
      <span class="term-name">{name}</span>
      <span class="term-meaning">{MEANINGS[name]}</span>
    </div>
  )
}

type StatusProps = { readonly isGood: boolean; readonly children: ComponentChildren }

const Status = ({ isGood, children }: StatusProps) => (
  <p class={`balance-status ${isGood ? 'is-good' : 'is-bad'}`}>
    <Icon name={isGood ? 'check' : 'warning'} />
    {children}
  </p>
)
