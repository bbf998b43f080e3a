// Which requests are visits, repeats, retries and refusals, in the answers of the API.

import { expect, test } from 'bun:test'
import { ofPage, withApi } from '../../test/api-kit.ts'
import { prose } from '../../test/numbers-page.ts'
import { trailOf } from '../../test/trail-text.ts'
import { sha256 } from '../lib/ids.ts'
import { frictionResource } from './resources.ts'
import { sessionsResource } from './sessions.ts'

type Expected = {
  readonly counts: { readonly [name: string]: number }
  /** Visits, submitted, refused fields. */
  readonly screens: { readonly [screen: string]: readonly [number, number, number] }
}

test.each<[what: string, drawn: string, expected: Expected]>([
  [
    'a second tap is a repeat; after a refusal it is a retry',
    ` 0s    init    -     DATE  shown
      10s   submit  DATE  DATE  rejected  data=x  refused=date:min
      10.5s submit  DATE  DATE  rejected  data=x  refused=date:min
      20s   submit  DATE  HELP  shown     data=y
      20.5s submit  DATE  HELP  shown     data=y`,
    { counts: { events: 5, repeats: 1, rejects: 2 }, screens: { DATE: [1, 1, 2], HELP: [1, 0, 0] } },
  ],
  [
    'an equal number is a repeat at any distance, but not after a refusal',
    ` 0s   init    -     DATE  shown
      10s  submit  DATE  DATE  rejected  seq=1  refused=date:min
      60s  submit  DATE  HELP  shown     seq=1
      90s  submit  DATE  HELP  shown     seq=1`,
    { counts: { events: 4, repeats: 1, rejects: 1 }, screens: { DATE: [1, 1, 1], HELP: [1, 0, 0] } },
  ],
  [
    'an accepted submission that leads to the screen itself, and Back answered with it, keep the visit open',
    ` 0s   init    -     DATE  shown
      10s  submit  DATE  DATE  shown  data=x
      20s  back    DATE  DATE  shown
      30s  submit  DATE  HELP  shown  data=y`,
    { counts: { events: 4, backs: 1 }, screens: { DATE: [1, 1, 0], HELP: [1, 0, 0] } },
  ],
  [
    'a request that is refused for two fields is one refused request, and two refused fields',
    ` 0s   init    -     DATE  shown
      10s  submit  DATE  DATE  rejected  refused=date:min,slot:in`,
    { counts: { rejects: 1 }, screens: { DATE: [1, 0, 2] } },
  ],
])('%s', async (_, drawn, { counts, screens }) => {
  const events = trailOf(drawn).map((event) => ({ ...event, id: sha256(event.id) }))
  await withApi({ events }, async (api) => {
    const { sessions } = await api.tell(sessionsResource, '/sessions')
    expect(sessions).toMatchObject([{ counts }])
    const friction = await api.tell(frictionResource, ofPage('friction'))
    const told = friction.screens.map((row) => [row.screen, [row.shown, row.submitted, row.refusedFields]])
    expect(Object.fromEntries(told)).toEqual(screens)
  })
})

test('the page says how both count', () => expect(prose).toContain('is one of `rejects`, and two refused fields'))
