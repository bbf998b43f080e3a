// The driver's connection with a timeout for writes.
//
// After the driver hands a request to the socket, it waits until the socket has taken all of it, and reacts only to an error
// (mongodb 7.9, on Node as on Bun). A server that closes the connection at that moment causes none, and neither does the driver's
// timeout: the call waited for ever and kept its place in the pool, until no place was left. On Bun 1.4.5 a socket has no timeout
// at all while it has something left to write (oven-sh/bun#42403).

import { Connection } from 'mongodb/lib/cmap/connection.js'

export class WriteTimeoutConnection extends Connection {
  override async writeCommand(...[command, options]: Parameters<Connection['writeCommand']>): Promise<void> {
    const closed = Promise.withResolvers<never>()
    const onClose = () => closed.reject(this.error)
    const patience = options.socketTimeoutMS ?? this.socketTimeoutMS
    const timer = patience > 0 ? setTimeout(() => this.onTimeout(), patience) : undefined
    this.once('close', onClose)
    try {
      await Promise.race([super.writeCommand(command, options), closed.promise])
    } finally {
      clearTimeout(timer)
      this.off('close', onClose)
    }
  }
}

declare module 'mongodb' {
  interface MongoClientOptions {
    /** What a connection is made from. The driver takes it, and leaves it out of its types. */
    connectionType?: typeof Connection
  }
}
