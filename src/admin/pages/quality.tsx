/** @jsxImportSource preact */
import { QualityPage } from '../../../views/pages/quality.tsx'
import { screenPath } from '../flow-frame.ts'
import { flowPage } from '../flow-page.ts'

export const getQualityPage = flowPage({ tab: '/quality', parameters: {} }, async (request) => {
  const { account, flow, question, frame, names, about, ask } = request
  const { findings } = await ask('quality', about)
  const linked = (id: string) => ({ screen: names(id), href: question.hrefOf(screenPath(flow, id)) })
  const view = {
    frame,
    findings: findings.map(({ found, remedy, screens = [] }) => ({ found, remedy, screens: screens.map(linked) })),
  }
  return <QualityPage account={account} view={view} />
})
