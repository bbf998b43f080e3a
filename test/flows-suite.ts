// Flows of `test/flows` with people walking them: what comes back, which calls their APIs see, and what the trail says afterwards.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatMistake } from '../src/config/load.ts'
import { type Answering, type PlayedFlow, playFlow, walksOf, wrongTrails } from './flows-kit.ts'
import { configWith, makeFolder, type Running, startApp } from './kit.ts'

/** The tests of these flows, however they are answered. */
export function walkFlows(flows: readonly string[], answering?: Answering) {
  let running: Running
  const played = new Map<string, PlayedFlow>()
  /** What went wrong in each walk. All flows are walked side by side, as most of the time goes into APIs that are slow. */
  const results = new Map<string, Promise<readonly string[]>>()

  beforeAll(async () => {
    const folder = await makeFolder()
    for (const flow of flows) played.set(flow, await playFlow(flow, folder, answering))
    await writeFile(folder.config, configWith([...played.values()].map(({ config }) => config).join('\n')))
    running = await startApp({ folder })
    const base = `http://127.0.0.1:${await running.app.listen(0)}`
    for (const [flow, { walk }] of played) {
      let before: Promise<unknown> = Promise.resolve()
      for (const each of walksOf(flow)) {
        const result = before.then(() => walk(each, running.folder, base))
        before = result.catch(() => {})
        results.set(`${flow}: ${each.name}`, result)
      }
    }
  })
  afterAll(async () => {
    for (const each of played.values()) await each.close()
    await running?.stop()
  })

  test('the configs fit their Flow JSONs, and nothing in them is odd', async () => {
    expect((await running.folder.load()).warnings.map(formatMistake)).toEqual([])
  })

  describe.each(flows)('%s', (flow) => {
    test.each(walksOf(flow).map(({ name }) => name))('%s', async (name) => {
      expect((await results.get(`${flow}: ${name}`)) ?? ['it was not walked']).toEqual([])
    })

    test('the trail tells each walk as it was, and nothing that must not be stored', async () => {
      await Promise.allSettled(results.values())
      await running.app.settled()
      expect(await wrongTrails(running.app.store, flow, running.folder.path)).toEqual([])
      const events = await readFile(join(running.folder.path, `${flow}-events.ndjson`), 'utf8')
      expect(events).not.toContain('reply_mismatch')
    })
  })
}
