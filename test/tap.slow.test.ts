// A tap in front of an endpoint that knows nothing of it: the same walks as in flows.test.ts.

import { describe, setDefaultTimeout } from 'bun:test'
import { walkFlows } from './flows-suite.ts'
import { findNode, tapped } from './tap-kit.ts'

setDefaultTimeout(120_000)

const node = findNode()
if (node === undefined) console.log('tap.slow.test.ts skipped: no node')

describe.skipIf(node === undefined)('answered by an endpoint behind a tap', () => {
  walkFlows(['loan'], tapped(node ?? ''))
})
