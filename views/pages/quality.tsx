/** @jsxImportSource preact */
import type { PageProps } from '../layout.tsx'
import { Card, withNote } from '../parts/card.tsx'
import { FlowFrame, type FlowFrameView } from '../parts/flow-frame.tsx'
import { ScreenName, type ScreenNameView } from '../parts/screen-name.tsx'

export type QualityView = {
  readonly frame: FlowFrameView
  readonly findings: readonly {
    readonly found: string
    readonly remedy: string
    readonly screens: readonly { readonly screen: ScreenNameView; readonly href: string }[]
  }[]
}

export function QualityPage({ account, view: { frame, findings } }: PageProps<QualityView>) {
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
                    {screens.map(({ screen, href }) => (
                      <>
                        <ScreenName of={screen} href={href} />{' '}
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
