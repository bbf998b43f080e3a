// The driver's connection, made to notice when a request will never be written to its end.
//
// Having handed a request to the socket, the driver waits until that has taken all of it, and hears nothing meanwhile but an
// error (mongodb 7.9, on Node as on Bun). A server that ends the connection in that moment brings none, and neither does the
// driver's own timeout: the call waited for ever and kept its place in the pool, and when all places were kept nothing could be
// asked any more. On Bun 1.4.5 there is not even a timeout while a socket has something left to write (oven-sh/bun#42403).

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
