/** @jsxImportSource preact */
import { Icon } from './icons.tsx'

/** The period of a page, and the addresses of the same page for others. */
export type PeriodBarView = {
  /** `1 – 28 Nov 2026` */
  readonly text: string
  readonly timezone: string
  /** Days as `2026-11-22`, both included. */
  readonly from: string
  readonly until: string
  readonly longestDays: number
  readonly presets: readonly { readonly label: string; readonly href: string; readonly isCurrent: boolean }[]
  /** The period of the same length right before, and right after if it has begun. */
  readonly before: string
  readonly after?: string
  /** The same page with the days of the preset, for whoever wants to share it. */
  readonly fixed?: string
  /** Absent where the page cannot compare. `unlike`: the whole days with which a period that is not over is compared. */
  readonly compare?: { readonly href: string; readonly isOn: boolean; readonly unlike?: string }
  /** What the form of the days has to keep. */
  readonly hidden: readonly (readonly [name: string, value: string])[]
}

export function PeriodBar({ bar }: { readonly bar: PeriodBarView }) {
  const { compare } = bar
  return (
    <>
      <nav class="period-bar" aria-label="Period">
        <ul class="presets">
          {bar.presets.map(({ label, href, isCurrent }) => (
            <li>
              <a href={href} {...(isCurrent && { 'aria-current': 'true' })}>
                {label}
              </a>
            </li>
          ))}
        </ul>
        <div class="period-now">
          <a class="btn btn-icon btn-sm" href={bar.before} aria-label="The period before" title="The period before">
            <Icon name="left" />
          </a>
          <span class="period-text">
            {bar.text} <span class="text-secondary">{bar.timezone}</span>
          </span>
          {bar.after && (
            <a class="btn btn-icon btn-sm" href={bar.after} aria-label="The period after" title="The period after">
              <Icon name="right" />
            </a>
          )}
          <Days bar={bar} />
          {bar.fixed && (
            <a class="period-link" href={bar.fixed} title="The address of these very days, to share">
              fix the days
            </a>
          )}
          {compare && (
            <a class="period-link" href={compare.href} title="With the days before">
              {compare.isOn ? 'stop comparing' : 'compare'}
            </a>
          )}
        </div>
      </nav>
      {compare?.unlike && (
        <p class="hint">
          {`${bar.text} is not over: what has come so far is compared with the whole of ${compare.unlike}.`}
        </p>
      )}
    </>
  )
}

function Days({ bar }: { readonly bar: PeriodBarView }) {
  return (
    <details class="days">
      <summary>Custom</summary>
      <form class="days-form" method="get" aria-label="Days">
        {bar.hidden.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <label>
          From
          <input class="form-control form-control-sm" type="date" name="from" value={bar.from} required />
        </label>
        <label>
          Until
          <input class="form-control form-control-sm" type="date" name="until" value={bar.until} required />
        </label>
        <button class="btn btn-sm" type="submit">
          Show
        </button>
        <p class="text-secondary">{`Both days included, ${bar.longestDays} days at most.`}</p>
      </form>
    </details>
  )
}
