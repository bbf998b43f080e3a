import { expect, test } from 'bun:test'
import { ofPage, startApi } from '../../test/api-kit.ts'
import { eventOf } from '../../test/arbitrary-events.ts'
import { pageEvents } from '../../test/numbers-page.ts'
import { qualityResource } from './resources.ts'

test('requests without a token of their own are found by flow, version and period', async () => {
  const untracked = (token: string, instant: string, more: Parameters<typeof eventOf>[0] = {}) =>
    eventOf({ token, at: Date.parse(instant), ...more })
  const events = [
    ...pageEvents(),
    untracked('', '2026-03-02T00:00:00Z'),
    untracked('unused', '2026-03-03T23:59:59.999Z', { version: '2b4d6f80' }),
    untracked('unused', '2026-03-01T23:59:59.999Z'),
    untracked('', '2026-03-04T00:00:00Z'),
    untracked('', '2026-03-02T12:00:00Z', { flow: 'feedback' }),
  ]
  const api = await startApi({ events })
  try {
    const found = async (more = '') => {
      const { findings } = await api.tell(qualityResource, ofPage('quality', more))
      return findings.filter(({ kind }) => kind === 'untracked_events').map(({ count }) => count)
    }
    expect(await found()).toEqual([2])
    expect(await found('version=2b4d6f80')).toEqual([1])
    expect(await found('version=none')).toEqual([])
  } finally {
    await api.stop()
  }
})
