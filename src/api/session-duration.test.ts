import { expect, test } from 'bun:test'
import { withApi } from '../../test/api-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { SUCCESS } from '../trail/event.ts'
import { sessionResource } from './session.ts'
import { sessionsResource } from './sessions.ts'

const opened = { action: 'init', screen: '', next: 'SERVICE' } as const

test('a session takes until it completes, whatever people do after; without completing, until the last request', async () => {
  const events = [
    eventOf({ ...opened, token: 'done', at: START }),
    eventOf({ token: 'done', at: START + 20_000, screen: 'SERVICE', next: SUCCESS, outcome: 'completed' }),
    eventOf({ ...opened, token: 'done', at: START + 600_000 }),
    eventOf({ ...opened, token: 'left', at: START + 1_000_000 }),
    eventOf({ token: 'left', at: START + 1_030_000, screen: 'SERVICE', next: 'DATE' }),
  ]
  await withApi({ events }, async (api) => {
    const { sessions } = await api.tell(sessionsResource, '/sessions')
    expect(sessions.map(({ token, durationMs }) => [token, durationMs])).toEqual([
      ['left', 30_000],
      ['done', 20_000],
    ])
    for (const { id, durationMs, lastAt } of sessions) {
      const { session } = await api.tell(sessionResource, `/sessions/${id}`)
      expect([session.durationMs, session.lastAt]).toEqual([durationMs, lastAt])
    }
  })
})
