// A server that is another program: it prints the port it listens on as its first line.

export type Listening = { readonly pid: number; readonly port: number; stop(): Promise<void> }

/** Rejects when it ends without one; what it has to say stands in the output of the tests. */
export async function listening(command: readonly string[], env: Record<string, string>): Promise<Listening> {
  const child = Bun.spawn([...command], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
    env: { ...process.env, ...env },
  })
  let printed = ''
  for await (const chunk of child.stdout) {
    printed += new TextDecoder().decode(chunk)
    if (printed.includes('\n')) break
  }
  const port = Number.parseInt(printed, 10)
  if (!port) throw new Error(`${command.join(' ')} printed ${JSON.stringify(printed)} instead of a port`)
  return {
    pid: child.pid,
    port,
    async stop() {
      child.kill()
      await child.exited
    },
  }
}
