// A real browser for tests, where one is installed.

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** The shell is the same engine without the windows around it, which take half of the processor time. */
const USUAL = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']

/** Chromium's file: `CHROMIUM` when set, else a usual place; undefined when there is none, unless one is required. */
export function findChromium(): string | undefined {
  const found = [process.env.CHROMIUM, ...USUAL].find((file) => file !== undefined && existsSync(file))
  if (found === undefined && process.env.REQUIRE_CHROMIUM)
    throw new Error(`REQUIRE_CHROMIUM is set, and there is no Chromium in $CHROMIUM, nor at ${USUAL.join(' or ')}`)
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
