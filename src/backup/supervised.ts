// A backup in a process of its own, as the job `backup` makes it: what a copy takes of the memory and the disk cache of one process must
// not make its replies slower, and a process has a priority of its own.

import { resolve } from 'node:path'
import { z } from 'zod'
import { parseJson } from '../lib/json.ts'

/** What the process says of itself, a line of JSON each on standard output. */
const said = z.union([
  z.strictObject({ share: z.number(), text: z.string() }),
  z.strictObject({ rows: z.int(), text: z.string() }),
])
export type Said = z.infer<typeof said>

type Outcome = { readonly rows: number; readonly text: string }
type Surroundings = {
  report(progress: Outcome & { readonly share: number }): void
  readonly signal: AbortSignal
}

/**
 * Runs `screentrail backup` with this config, from source or as the same binary, until it ends or the signal aborts. It ends with
 * this process, too, however that ends. Rejects with the sentence of the command.
 */
export async function backUpInProcess(configFile: string, { report, signal }: Surroundings): Promise<Outcome> {
  const program = Bun.isStandaloneExecutable ? [] : [resolve(import.meta.dir, '../main.ts')]
  const command = [process.execPath, ...program, 'backup', '--config', resolve(configFile), '--supervised']
  const child = Bun.spawn(command, { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe', signal, killSignal: 'SIGTERM' })
  const complaint = new Response(child.stderr).text()
  let outcome: Outcome | undefined
  for await (const line of linesOf(child.stdout)) {
    const { data } = said.safeParse(parseJson(line))
    if (data && 'share' in data) report({ rows: 0, ...data })
    else if (data) outcome = data
  }
  const code = await child.exited
  signal.throwIfAborted()
  if (code === 0 && outcome) return outcome
  const sentence = (await complaint).trim().split('\n').at(-1) ?? ''
  throw new Error(
    sentence.replace(/^screentrail: /, '') ||
      `its process ended with ${child.signalCode ?? `exit code ${code}`}; run \`screentrail backup\` to see why`,
  )
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

/** On the other side: this process ends when the one that supervises it is gone, however that ended. */
export function endWithSupervisor(): void {
  process.stdin.on('end', () => process.exit(ENDED))
  process.stdin.resume()
  // It keeps nothing waiting.
  process.stdin.unref()
}

/** As by SIGTERM. */
const ENDED = 143

export const say = (what: Said): void => void process.stdout.write(`${JSON.stringify(what)}\n`)
