// Spares people the wait for a server that has stopped answering: after some failures in a row it is left alone for a while.

import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhenResult, isBrokenCircuitError } from 'cockatiel'
import type { CallApi, Called } from '../flow/call-api.ts'
import { type Flow, forwardsOf } from '../flow/definition.ts'

export type CircuitBreaker = {
  /** Calls of servers with `isSpared` are made through their breaker. Never rejects. */
  readonly callApi: CallApi
  /** Whether the server at this address is left alone right now. */
  isOpen(url: string): boolean
  /** The same of each server that one of these flows is forwarded to. */
  statesOf(flows: Iterable<Flow>): readonly { readonly flow: string; readonly isOpen: () => boolean }[]
}

/** Failures in a row, and the time until one call is let through to see whether it answers again. */
export const FAILURES_TO_OPEN = 5
export const OPEN_MS = 10_000

/** `openMs`: see OPEN_MS. */
export function createCircuitBreaker(callApi: CallApi, openMs = OPEN_MS): CircuitBreaker {
  const isOpen = (url: string) => breakers.has(url) && breakers.get(url)?.state !== CircuitState.Closed
  const breakers = new Map<string, ReturnType<typeof breakerOf>>()
  return {
    async callApi(api, request) {
      if (!api.isSpared) return callApi(api, request)
      const breaker = breakers.getOrInsertComputed(api.config.url, () => breakerOf(openMs))
      // While one call tries the server, the others do not wait for how it ends.
      if (breaker.state === CircuitState.HalfOpen) return spared(api.name, openMs)
      try {
        return await breaker.execute(() => callApi(api, request))
      } catch (error) {
        if (isBrokenCircuitError(error)) return spared(api.name, openMs)
        throw error
      }
    },
    isOpen,
    statesOf: (flows) =>
      [...flows].flatMap((flow) =>
        forwardsOf(flow).map(({ config }) => ({ flow: flow.key, isOpen: () => isOpen(config.url) })),
      ),
  }
}

const breakerOf = (openMs: number) =>
  circuitBreaker(
    // Where there is no value for a header or the address, nobody was asked.
    handleWhenResult((called) => ![undefined, 'upstream_parameter'].includes((called as Called).failure?.code)),
    { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) },
  )

const spared = (name: string, openMs: number): Called => ({
  answer: { ok: false, error: 'spared' },
  waitedMs: 0,
  failure: {
    code: 'upstream_spared',
    field: name,
    message: `${name} was not called: its last ${FAILURES_TO_OPEN} calls failed, and it is tried again ${openMs / 1000} s after the last`,
  },
})
