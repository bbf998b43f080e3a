// Nine flows of businesses, each answered by its `flow.yaml`.

import { setDefaultTimeout } from 'bun:test'
import { flowNames } from './flows-kit.ts'
import { walkFlows } from './flows-suite.ts'

setDefaultTimeout(120_000)

walkFlows(flowNames)
