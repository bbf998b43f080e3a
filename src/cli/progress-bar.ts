import { type Stopwatch, systemStopwatch } from '../lib/clock.ts'

type Stream = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>

/** On a terminal, one line that is rewritten; elsewhere, as in a log, a line for each tenth, or after half a minute. */
export function createProgressBar(stream: Stream = process.stderr, stopwatch: Stopwatch = systemStopwatch) {
  let shownAt = stream.isTTY ? Number.NEGATIVE_INFINITY : stopwatch()
  let tenths = 0

  const isDue = (share: number) => {
    const silentMs = stopwatch() - shownAt
    if (stream.isTTY) return silentMs > REDRAW_MS
    return silentMs > SILENCE_MS || Math.floor(share * 10) > tenths
  }

  return {
    /** `share`: from 0 to 1. */
    show(share: number, text: string): void {
      if (!isDue(share)) return
      shownAt = stopwatch()
      tenths = Math.floor(share * 10)
      const line = `${String(Math.floor(share * 100)).padStart(3)} %  ${text}`
      if (!stream.isTTY) stream.write(`${line}\n`)
      else stream.write(`${CLEAR}${`${bar(share)} ${line}`.slice(0, (stream.columns || 80) - 1)}`)
    },
    clear(): void {
      if (stream.isTTY) stream.write(CLEAR)
    },
  }
}

const REDRAW_MS = 100
const SILENCE_MS = 30_000

const CLEAR = '\r\x1b[K'

const WIDTH = 30
const bar = (share: number): string => '━'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '─')

/** Only on a terminal; elsewhere nothing is shown. */
export function progressOnTerminal(stream: Stream = process.stderr) {
  const bar = createProgressBar(stream)
  return {
    onProgress(share: number, what: string): void {
      if (stream.isTTY) bar.show(share, what)
    },
    clear: bar.clear,
  }
}
