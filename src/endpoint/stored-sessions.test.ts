import { expect, test } from 'bun:test'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { advance } from '../flow/live-session.ts'
import { createStateSeal } from '../privacy/sealed-state.ts'
import type { SealedSession } from '../store/sealed-session.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import { storedSessions } from './stored-sessions.ts'

const FLOW = 'f'
const TOKEN = 't'
const stateSeal = createStateSeal('key')

/** That Ana said her name at this second. */
function sealedAt(second: number, name: string): SealedSession {
  const at = START + 1_000 * second
  const session = advance(undefined, eventOf({ flow: FLOW, token: TOKEN, at }), { input: { name } }, 60_000)
  const sealed = stateSeal.seal(session, tokenKeyOf({ flow: FLOW, token: TOKEN })) as string
  return { flow: FLOW, token: TOKEN, at, expiresAt: at + 60_000, sealed }
}

type Place = () => Promise<SealedSession | undefined>

const storedIn = (journal: Place, store: Place) =>
  storedSessions({
    flows: new Map([[FLOW, { eventsSuffice: false }]]),
    journal: { sealedSession: journal, newestEventsOf: async () => [] },
    store: { sealedSession: store, newestEventsOf: async () => [] },
    stateSeal,
    gapMs: 60_000,
    clock: () => START,
  })(FLOW, TOKEN)

const nowhere: Place = async () => undefined
const away: Place = async () => {
  throw new Error('the store is away')
}

test('the newest of journal and store counts', async () => {
  const [ana, bea] = [async () => sealedAt(1, 'Ana'), async () => sealedAt(2, 'Bea')] as const
  expect((await storedIn(ana, bea)).session?.known).toEqual({ name: 'Bea' })
  expect((await storedIn(bea, ana)).session?.known).toEqual({ name: 'Bea' })
  expect((await storedIn(nowhere, ana)).session?.known).toEqual({ name: 'Ana' })
})

test.each([
  ['cannot be reached', away],
  ['does not answer', () => new Promise<never>(() => {})],
])('while the store %s, what the journal has counts', async (_, store) => {
  expect((await storedIn(async () => sealedAt(1, 'Ana'), store)).session?.known).toEqual({ name: 'Ana' })
})

test('while the store is away and the journal has nothing, nobody knows', async () => {
  await expect(storedIn(nowhere, away)).rejects.toThrow('the store is away')
})
