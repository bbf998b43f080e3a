/** @jsxImportSource preact */
// Numbers that lead to their sessions, and shares with their whole and interval.

import type { ComponentChildren } from 'preact'
import { FEW, whole } from '../numbers.ts'

/** `href`: the sessions that it counts. */
export type LinkedNumber = { readonly count: number; readonly href?: string }

export type RateView = LinkedNumber & {
  /** The whole that `count` is a part of. */
  readonly of: number
  /** From 0 to 1; null when `of` is 0. */
  readonly share: number | null
  /** The 95 % confidence interval. */
  readonly low: number
  readonly high: number
}

export const isUncertain = ({ of }: Pick<RateView, 'of'>): boolean => of < FEW

// `toLocaleString` makes one for each number: a tenth of the time of a page.
const SHARE = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })

export const showShare = (share: number): string => SHARE.format(share)

export const NumberOf = ({ count, href }: LinkedNumber) =>
  href === undefined || count === 0 ? (
    <span class="num">{whole(count)}</span>
  ) : (
    <a class="num" href={href}>
      {whole(count)}
    </a>
  )

/** `6 of 16` · `37.5 %` · `18 to 61 %`: the count first. */
export function RateText({ rate, isShort }: { readonly rate: RateView; readonly isShort?: true }) {
  if (rate.share === null) return <span class="text-secondary">nobody yet</span>
  return (
    <span class={isUncertain(rate) ? 'rate rate-uncertain' : 'rate'}>
      <span class="rate-count">
        <NumberOf {...rate} /> of {whole(rate.of)}
      </span>{' '}
      <strong class="rate-share">{showShare(rate.share)}</strong>
      {!isShort && (
        <>
          {' '}
          <span class="rate-interval" title="The true share lies in here in 95 of 100 cases">
            {intervalText(rate)}
          </span>
        </>
      )}
    </span>
  )
}

export const intervalText = ({ low, high }: Pick<RateView, 'low' | 'high'>): string =>
  `${Math.round(low * 100)} to ${Math.round(high * 100)} %`

export type ChangeView = {
  /** Points of a hundred. Null when either share is unknown. */
  readonly points: number | null
  /** More than chance would do. */
  readonly isReal: boolean
  /** What it is compared with. */
  readonly than: string
}

/** Says nothing that chance explains. */
export function ChangeText({ change }: { readonly change: ChangeView }) {
  if (change.points === null || !change.isReal)
    return (
      <span class="text-secondary" title={`No more than chance would do, ${change.than}`}>
        no clear change
      </span>
    )
  return <Points by={change.points} title={change.than} />
}

/** `▲ 4.2 points`, of a hundred. */
export const Points = ({ by, title }: { readonly by: number; readonly title?: string }) => (
  <span class={by > 0 ? 'is-good' : 'is-bad'} {...(title !== undefined && { title })}>
    {by > 0 ? '▲' : '▼'} {pointsText(Math.abs(by))}
  </span>
)

export const pointsText = (points: number): string => `${points.toFixed(1)} points`

type LabelledProps = { readonly label: string; readonly note?: ComponentChildren; readonly children: ComponentChildren }

/** One figure of a headline. */
export const Figure = ({ label, note, children }: LabelledProps) => (
  <div class="figure">
    <dt>{label}</dt>
    <dd>
      <span class="figure-value">{children}</span>
      {note && <span class="figure-note">{note}</span>}
    </dd>
  </div>
)
