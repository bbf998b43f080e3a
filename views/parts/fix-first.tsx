/** @jsxImportSource preact */
import { whole } from '../numbers.ts'
import { type LinkedNumber, NumberOf } from './rate.tsx'
import { ScreenName, type ScreenNameView } from './screen-name.tsx'

/** What goes together with leaving a screen, and what it costs. */
export type FixView = {
  readonly screen: ScreenNameView
  readonly screenHref: string
  /** `who chose service = emergency` */
  readonly who: string
  readonly people: number
  readonly lost: LinkedNumber
  readonly others: number
  readonly othersLost: number
  /** `3.0 times less often`; `never` */
  readonly othersText: string
  /** Completions a month, and their 95 % interval; null if not even that is sure. */
  readonly gain: { readonly count: number; readonly low: number; readonly high: number } | null
}

export type FixFirstView = { readonly fixes: readonly FixView[]; readonly more: number }

export function FixFirst({ view }: { readonly view: FixFirstView }) {
  const { fixes, more } = view
  if (fixes.length === 0)
    return (
      <p class="card-body text-secondary">
        Nothing stands out: no group of 30 people or more leaves any screen more often than the others, beyond chance.
      </p>
    )
  return (
    <>
      <ol class="fixes">
        {fixes.map((fix) => (
          <Fix fix={fix} />
        ))}
      </ol>
      <p class="card-footer text-secondary">
        {more > 0 && `${more} smaller ones are in the API. `}
        These go together with leaving; whether they are the reason, you have to judge.
      </p>
    </>
  )
}

/** `Of 412 people who chose …, 293 left at …` */
export const FixSentence = ({ fix }: { readonly fix: FixView }) => (
  <p>
    Of {whole(fix.people)} people {fix.who}, <NumberOf {...fix.lost} /> left at{' '}
    <ScreenName of={fix.screen} href={fix.screenHref} />; others leave there {fix.othersText}.
    {fix.gain && (
      <>
        {' '}
        As good as the others, that is about <strong>{whole(fix.gain.count)} more completions a month</strong>{' '}
        <span class="text-secondary">{`(95 %: ${whole(fix.gain.low)} to ${whole(fix.gain.high)})`}</span>.
      </>
    )}
  </p>
)

const Fix = ({ fix }: { readonly fix: FixView }) => (
  <li>
    <FixSentence fix={fix} />
    <details>
      <summary>The two groups</summary>
      <table class="table table-sm two-groups">
        <caption class="visually-hidden">{`People ${fix.who}, and the others, at ${fix.screen.name}`}</caption>
        <thead>
          <tr>
            <th scope="col">At {fix.screen.name}</th>
            <th scope="col">Left there</th>
            <th scope="col">Went on</th>
          </tr>
        </thead>
        <tbody>
          <Group name={`People ${fix.who}`} of={fix.people} lost={fix.lost.count} />
          <Group name="The others" of={fix.others} lost={fix.othersLost} />
        </tbody>
      </table>
    </details>
  </li>
)

type GroupProps = { readonly name: string; readonly of: number; readonly lost: number }

const Group = ({ name, of, lost }: GroupProps) => (
  <tr>
    <th scope="row">{name}</th>
    <td>{whole(lost)}</td>
    <td>{whole(of - lost)}</td>
  </tr>
)
