// The business of the demo: Screentrail on its folder, first with one version of the flow, then with the next, and the API of its
// time slots.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '../../app.ts'
import { formatMistake, loadConfig } from '../../config/load.ts'
import type { Loaded } from '../../config/load-result.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { serveSlots } from './slots-api.ts'
import { demoConfig, type Story } from './story.ts'

export type BusinessOptions = {
  /** As `init` makes it. */
  readonly folder: string
  /** 0 takes a free one. */
  readonly port: number
  readonly timezone: string
  readonly outage: Story['outage']
  readonly clock: Clock
  readonly log: Log
}

export type Business = {
  /** The present one. */
  readonly app: App
  readonly loaded: Loaded
  readonly port: number
  /** As its owner would: stops the app, changes the config, starts it again at the same port. */
  changeFlow(): Promise<void>
  close(): Promise<void>
}

export async function openBusiness({ folder, timezone, outage, clock, log, ...options }: BusinessOptions) {
  // Loaded here, because the other commands start twice as fast without it.
  const { createApp } = await import('../../app.ts')
  const file = join(folder, 'config.yaml')
  const initial = await readFile(file, 'utf8')
  const slots = serveSlots(() => clock() >= outage.from && clock() < outage.until)

  const start = async (version: 1 | 2, port: number) => {
    await writeFile(file, demoConfig(initial, { timezone, slotsUrl: slots.url, version }))
    const loaded = await loadConfig(file, process.env)
    if (!loaded.ok) throw new Error(loaded.mistakes.map(formatMistake).join('\n'))
    const app = await createApp(loaded, { log, clock, uptime: clock })
    return { app, loaded, port: await app.listen(port) }
  }
  let running = await start(1, options.port).catch(async (error: unknown) => {
    await slots.stop()
    throw error
  })

  const business: Business = {
    get app() {
      return running.app
    },
    get loaded() {
      return running.loaded
    },
    get port() {
      return running.port
    },
    async changeFlow() {
      await running.app.stop()
      running = await start(2, running.port)
    },
    async close() {
      await running.app.stop()
      await slots.stop()
    },
  }
  return business
}
