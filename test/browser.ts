// A real browser for tests, where one is installed.

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Chromium's file: `CHROMIUM` when set, else the usual place; undefined when there is none, unless one is required. */
export function findChromium(): string | undefined {
  const found = [process.env.CHROMIUM, '/usr/bin/chromium'].find((file) => file !== undefined && existsSync(file))
  if (found === undefined && process.env.REQUIRE_CHROMIUM)
    throw new Error('REQUIRE_CHROMIUM is set, and there is no Chromium in $CHROMIUM or at /usr/bin/chromium')
  return found
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
