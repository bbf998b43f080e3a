import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/**
 * Typed twice at a terminal without echo, or the first line of standard input. Never an argument: the shell's history has those, and
 * every user of the machine can see them. Rejects with a sentence if there is none.
 */
export async function readPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine()
  const password = await prompt(`Password for ${name}: `)
  if ((await prompt('The same again: ')) !== password)
    throw new Error('the two passwords are not the same; nothing was done')
  return password
}

/** Far more than any password. */
const MAX_BYTES = 16_384

async function firstLine(): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of Bun.stdin.stream()) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MAX_BYTES || chunk.includes(10)) break
  }
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/)
  if (line === '') throw new Error('no password came on standard input; run it at a terminal, or use --link')
  return line
}

/** Without echo: readline turns off the terminal's, and its own output is discarded. */
function prompt(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  // Only now is the echo off.
  process.stderr.write(question)
  return new Promise((resolve, reject) => {
    let answer: string | undefined
    terminal.on('line', (line) => {
      answer = line
      terminal.close()
    })
    terminal.on('SIGINT', () => terminal.close())
    terminal.on('close', () => {
      process.stderr.write('\n')
      if (answer === undefined) reject(new Error('no password was given; nothing was done'))
      else resolve(answer)
    })
  })
}
