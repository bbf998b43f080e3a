// Containers of the image that `SCREENTRAIL_IMAGE` names, through the Docker client that is installed.

export const IMAGE = process.env.SCREENTRAIL_IMAGE

export type Ran = { readonly code: number; readonly output: string }

export async function docker(...args: readonly string[]): Promise<Ran> {
  const child = Bun.spawn(['docker', ...args], { stdout: 'pipe', stderr: 'pipe' })
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, output: stdout + stderr }
}

export type Container = {
  /** `docker exec`, as root unless the image or `--user` says otherwise. */
  exec(...command: readonly string[]): Promise<Ran>
  logs(): Promise<string>
  /** What the health checks printed, oldest first. */
  healthLog(): Promise<string[]>
  remove(): Promise<void>
}

/** Resolves when the container is healthy; rejects with its log when it ended instead. */
export async function startContainer(options: readonly string[], command: readonly string[]): Promise<Container> {
  const { code, output } = await docker('run', '--detach', ...options, IMAGE as string, ...command)
  if (code !== 0) throw new Error(output)
  const id = output.trim()
  const inspect = async (what: string) => (await docker('inspect', id, '--format', what)).output.trim()
  const logs = async () => (await docker('logs', id)).output
  const container: Container = {
    exec: (...words) => docker('exec', id, ...words),
    logs,
    healthLog: async () => JSON.parse(await inspect('{{json .State.Health.Log}}')).map(({ Output }: Check) => Output),
    async remove() {
      await docker('rm', '--force', '--volumes', id)
    },
  }
  for (;;) {
    const state = await inspect('{{.State.Status}} {{.State.Health.Status}}')
    if (state === 'running healthy') return container
    if (state === 'running starting') {
      await new Promise((resolve) => setTimeout(resolve, 200))
      continue
    }
    const printed = await logs()
    await container.remove()
    throw new Error(`the container is ${state}:\n${printed}`)
  }
}

type Check = { readonly Output: string }
