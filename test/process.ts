// The product as a process of its own, as people run it.

import { join } from 'node:path'
import type { Folder } from './kit.ts'

export type Served = {
  readonly pid: number
  readonly port: number
  /** Everything it has printed so far. */
  output(): string
  kill(): Promise<void>
  /** SIGTERM, then the exit code. */
  stop(): Promise<number>
}

/** The command; the binary in $SCREENTRAIL_BINARY, if it is named, starts in half the time. */
export const SCREENTRAIL: readonly string[] = Bun.env.SCREENTRAIL_BINARY
  ? [Bun.env.SCREENTRAIL_BINARY]
  : [process.execPath, join(import.meta.dir, '../src/main.ts')]

/**
 * `screentrail serve` on a free port. Rejects with what it printed when it does not come up. `through`: a command that becomes
 * the one it is given, as `nice` does.
 */
export async function serve(
  folder: Pick<Folder, 'config'>,
  through: readonly string[] = [],
  options: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Served> {
  const command = [...SCREENTRAIL, 'serve', '--config', folder.config, '--port', '0', ...options]
  const child = Bun.spawn([...through, ...command], { stdout: 'pipe', stderr: 'pipe', env: { ...process.env, ...env } })
  let printed = ''
  const collect = async (stream: ReadableStream<Uint8Array>, onText: () => void = () => {}) => {
    for await (const chunk of stream.pipeThrough(
      new TextDecoderStream() as never,
    ) as unknown as AsyncIterable<string>) {
      printed += chunk
      onText()
    }
  }
  const port = await new Promise<number>((resolve, reject) => {
    const look = () => {
      const found = /up on port (\d+)/.exec(printed)?.[1]
      if (found) resolve(Number(found))
    }
    void collect(child.stdout, look)
    void collect(child.stderr)
    void child.exited.then((code) => reject(new Error(`serve ended with ${code}:\n${printed}`)))
  })
  return {
    pid: child.pid,
    port,
    output: () => printed,
    async kill() {
      child.kill('SIGKILL')
      await child.exited
    },
    async stop() {
      child.kill('SIGTERM')
      return child.exited
    },
  }
}

export type Started = {
  /** Everything it has printed so far. */
  output(): string
  /** Types on its terminal. */
  type(text: string): void
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number>
}

/** Any other command, on a terminal of its own. */
export function start(args: readonly string[], cwd: string, env: Record<string, string> = {}): Started {
  let printed = ''
  const decoder = new TextDecoder()
  const child = Bun.spawn([...SCREENTRAIL, ...args], {
    cwd,
    env: { ...process.env, ...env },
    terminal: {
      cols: 100,
      rows: 24,
      data: (_, chunk) => {
        printed += decoder.decode(chunk, { stream: true })
      },
    },
  })
  return {
    output: () => printed,
    type: (text) => void child.terminal?.write(text),
    signal: (name) => child.kill(name),
    ended: child.exited,
  }
}

/** Any other command; runs to its end. `input`: what is piped in. */
export async function run(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
  input = '',
  through: readonly string[] = [],
) {
  const child = Bun.spawn([...through, ...SCREENTRAIL, ...args], {
    cwd,
    stdin: Buffer.from(input),
    stdout: 'pipe',
    stderr: 'pipe',
    env: { ...process.env, ...env },
  })
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { stdout, stderr, code }
}
