// Flows of `test/flows` behind `forward:`, each answered by its server in `test/forward`.

import { join } from 'node:path'
import type { Answering } from './flows-kit.ts'
import { listening } from './listening.ts'

/** What the Flow JSON does not say: which end on the phone counts. */
const ENDS: { readonly [flow: string]: string } = {
  loan: 'screens: { COMPLETE: { ends: completed }, NO_OFFER: { ends: unfinished } }',
}

export const SECRET = 'the-secret-of-both-sides'

/** The Python of the machine; undefined when there is none, unless one is required. */
export function findPython(): string | undefined {
  const found = Bun.which('python3') ?? undefined
  if (found === undefined && process.env.REQUIRE_PYTHON)
    throw new Error('REQUIRE_PYTHON is set, and there is no python3')
  return found
}

export const startServer = (python: string, flow: string, apis: string) =>
  listening([python, join(import.meta.dir, 'forward', `${flow}.py`), '--apis', apis], { FORWARD_SECRET: SECRET })

export const forwarded =
  (python: string): Answering =>
  async (flow, apis) => {
    const { port, stop } = await startServer(python, flow, apis)
    const config = `forward: { url: "http://127.0.0.1:${port}/flow", secret: ${SECRET} }\n${ENDS[flow] ?? ''}`
    return { config, stop }
  }
