// A way to a server that can be broken in the ways networks and servers break. It is a process of its own, as what breaks in
// the world is: where both ends of a connection are in one process, Bun does not always tell the one that the other is gone.

import { join } from 'node:path'
import type { Order } from './proxy-process.ts'

/** `refuse`: nobody listens · `hang`: accepts and takes, never passes anything on · `slow`: passes on after a delay. */
export type Mode = 'pass' | 'refuse' | 'hang' | { readonly slowMs: number }

export type Breakable = {
  readonly port: number
  set(mode: Mode): Promise<void>
  /** Ends every connection in the middle of whatever it carries; new ones work. */
  cut(): Promise<void>
  close(): Promise<void>
}

export async function startProxy(to: { readonly host: string; readonly port: number }): Promise<Breakable> {
  let heard = (_: number) => {}
  const answer = () =>
    new Promise<number>((resolve) => {
      heard = resolve
    })
  const isUp = answer()
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'proxy-process.ts'), to.host, String(to.port)], {
    stdout: 'inherit',
    stderr: 'inherit',
    ipc: (port: number) => heard(port),
  })
  const order = async (what: Order) => {
    const done = answer()
    child.send(what)
    await done
  }

  return {
    port: await isUp,
    set: (mode) => order({ mode }),
    cut: () => order('cut'),
    async close() {
      child.kill()
      await child.exited
    },
  }
}
