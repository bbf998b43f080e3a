// Simulated people who walk a flow of a rehearsal, each without a pause.

import type { Rehearsal } from '../src/cli/rehearsal.ts'
import type { Flow } from '../src/flow/definition.ts'
import { parseProfile } from '../src/simulate/profile.ts'
import { simulate } from '../src/simulate/run.ts'
import type { Folder } from './kit.ts'

type Walk = {
  readonly flow: Flow
  readonly folder: Pick<Folder, 'publicKey' | 'appSecret'>
  readonly rehearsal: Rehearsal
  /** As a profile has it. */
  readonly profile: object
  readonly people: number
  readonly seed: string
}

/** The report of the simulation, with what went wrong on our side. */
export async function walkRehearsed({ flow, folder, rehearsal, profile, people, seed }: Walk) {
  const parsed = parseProfile(profile, flow)
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  const options = {
    flow,
    url: `http://localhost/flows/${flow.key}`,
    publicKey: folder.publicKey,
    appSecret: folder.appSecret,
    profile: parsed.profile,
    timezone: 'UTC',
    sessions: people,
    concurrency: 8,
    seed,
    run: flow.key,
    pace: 0,
  }
  const report = await simulate(options, { fetch: rehearsal.fetch, now: Date.now, sleep: async () => {} })
  return { ...report, faults: await rehearsal.faults(flow.key) }
}
