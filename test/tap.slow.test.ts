// A tap in front of an endpoint that knows nothing of it: the same walks as in flows.test.ts.

import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { walkFlows } from './flows-suite.ts'
import { ledgerOf } from './kill-loop.ts'
import { findNode, tapped } from './node-endpoint.ts'
import { serve } from './process.ts'
import { compare, storedIds } from './stored.ts'
import { startTwins } from './tap-twins.ts'

setDefaultTimeout(120_000)

const node = findNode()
if (node === undefined) console.log('tap.slow.test.ts skipped: no node')

describe.skipIf(node === undefined)('answered by an endpoint behind a tap', () => {
  walkFlows(['loan'], tapped(node ?? ''))
})

// TAP_WALKS=10000 takes half an hour.
describe.skipIf(node === undefined)('beside an endpoint that is asked directly', () => {
  test('every reply is the same byte for byte, and every event is on the trail once', async () => {
    const people = Number(process.env.TAP_WALKS ?? 100)
    const twins = await startTwins(node ?? '')
    const served = await serve(twins.folder)
    const different = await twins.walk(people, served.port)
    expect(await served.stop()).toBe(0)
    const { config } = await twins.folder.load()
    const stored = compare(twins.events, await storedIds(config.store.uri))
    const ledger = await ledgerOf(twins.folder)
    const calls = twins.differingCalls()
    await twins.stop()

    const { sent, events } = twins
    console.log(`${people} walks, ${sent.requests} requests, ${different.length} differences, ${events.size} events`)
    expect(different).toEqual([])
    expect(twins.unanswered.size).toBe(0)
    expect(calls).toEqual([])
    expect(stored).toEqual({ stored: events.size, lost: 0, doubled: 0 })
    expect(ledger).toEqual({
      received: events.size + sent.again,
      stored: events.size,
      alreadyStored: sent.again,
      waiting: 0,
      quarantined: 0,
      dropped: 0,
    })
  }, 3_600_000)
})
