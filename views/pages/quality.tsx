/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { PageProps } from '../layout.tsx'
import { Card, withNote } from '../parts/card.tsx'
import { FlowFrame, type FlowFrameView } from '../parts/flow-frame.tsx'

export type QualityView = {
  readonly frame: FlowFrameView
  readonly findings: readonly {
    readonly found: string
    readonly remedy: string
    readonly screens: readonly { readonly name: string; readonly href: string }[]
  }[]
}

export function QualityPage({ account, view: { frame, findings } }: PageProps<QualityView>): JSX.Element {
  return (
    <FlowFrame account={account} title="Data quality" frame={frame}>
      <Card id="findings" heading={withNote('What cannot be seen', 'and what to do about it')}>
        {findings.length === 0 ? (
          <p class="card-body">Every step of every session of this period was seen.</p>
        ) : (
          <ul class="findings">
            {findings.map(({ found, remedy, screens }) => (
              <li>
                <p>{found}</p>
                <p class="text-secondary">{remedy}</p>
                {screens.length > 0 && (
                  <p>
                    {screens.map(({ name, href }) => (
                      <>
                        <a class="screen" href={href}>
                          {name}
                        </a>{' '}
                      </>
                    ))}
                  </p>
                )}
              </li>
            ))}
          </ul>
        )}
        <p class="card-footer text-secondary">
          An endpoint sees requests. It never sees what people do within a screen, nor who closes the flow on a screen
          that sends nothing.
        </p>
      </Card>
    </FlowFrame>
  )
}
