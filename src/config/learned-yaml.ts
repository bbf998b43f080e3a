import { Document, isMap, isScalar } from 'yaml'
import { draftLearned, type Learned } from '../flow/learned.ts'

/** What was learned of a flow, as it stands below `flows:` in a config. */
export function learnedYaml(flow: string, learned: Learned): string {
  const document = new Document({ [flow]: draftLearned(learned) })
  const screens = document.getIn([flow, 'screens'], true)
  const isSilent = (id: string) =>
    learned.screens.some((screen) => screen.id === id && screen.next.length === 0 && screen.fields.length === 0)
  for (const { key } of isMap(screens) ? screens.items : [])
    if (isScalar(key) && isSilent(String(key.value)))
      key.commentBefore =
        ' nothing ever came from here: if the phone ends the flow on this screen, add `ends: completed`'
  return document.toString({ lineWidth: 120 })
}
