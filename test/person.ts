// Somebody in front of a phone, on whose flow is answered somehow.

import type { App } from '../src/app.ts'
import type { JsonObject } from '../src/lib/json.ts'
import type { Client } from './kit.ts'

type Reached = { readonly app: App; readonly client: Client; readonly beforeEach?: () => void }

/** Their requests go one after the other. `beforeEach`: of these. */
export function personOf({ app, client, beforeEach }: Reached, flow: string, token: string) {
  const send = (action: string, screen: string, data: JsonObject = {}) => {
    beforeEach?.()
    return client.send(flow, { version: '3.0', action, screen, data, flow_token: token })
  }
  return {
    token,
    open: () => send('INIT', ''),
    submit: (screen: string, data: JsonObject) => send('data_exchange', screen, data),
    back: (screen: string) => send('BACK', screen),
    async events() {
      await app.settled()
      return app.store.eventsOf(flow, token)
    },
  }
}
