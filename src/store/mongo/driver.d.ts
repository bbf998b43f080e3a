/** The part of the driver that its own types leave out. */
declare module 'mongodb/lib/cmap/connection.js' {
  import type { EventEmitter } from 'node:events'

  export class Connection extends EventEmitter<{ close: [] }> {
    /** Why it is closed. */
    readonly error: Error | null
    readonly socketTimeoutMS: number
    /** Resolves when the socket has taken all of it. */
    writeCommand(command: unknown, options: { readonly socketTimeoutMS?: number }): Promise<void>
    /** Closes, with an error that says that it timed out. */
    onTimeout(): void
  }
}
