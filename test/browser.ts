// A real browser for tests, where one is installed.

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Chromium's file: `CHROMIUM` when set, else the usual place; undefined when there is none. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM, '/usr/bin/chromium'].find((file) => file !== undefined && existsSync(file))
}

export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
