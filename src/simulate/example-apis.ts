// Outside APIs that are not called: each answers with its example.

import { type ApiRequest, type CallApi, createApis } from '../flow/call-api.ts'
import type { Api, Flow } from '../flow/definition.ts'
import type { Clock, Stopwatch } from '../lib/clock.ts'

type Watches = { readonly clock: Clock; readonly stopwatch: Stopwatch; readonly uptime: Stopwatch }

/** Requests are made as they would be, up to where they would leave. `callApi` calls those without an example. */
export function exampleApis(watches: Watches, callApi: CallApi): CallApi {
  const played = new Map<Api, CallApi>()
  return (api: Api, request: ApiRequest) => {
    const { example } = api.config
    if (example === undefined) return callApi(api, request)
    const fetch = async () => Response.json(example)
    return played.getOrInsertComputed(api, () => createApis({ fetch, ...watches }))(api, request)
  }
}

/** Those that do something and have no example: they may only be called by who means it. */
export const apisWithoutExample = ({ screens }: Flow): readonly string[] => [
  ...new Set(
    [...screens.values()]
      .flatMap(({ submission, on }) => [submission, ...on])
      .flatMap((each) => each.do)
      .flatMap(({ api }) => (api.config.example === undefined ? [api.name] : [])),
  ),
]

/** Whether a walk at a server would do something outside, or call an API that an example stands for. */
export const mustBeRehearsed = ({ open, screens }: Flow): boolean =>
  [...screens.values()].some(({ submission, on }) => [submission, ...on].some((each) => each.do.length > 0)) ||
  [open, ...screens.values()].some(({ ask }) => ask.some(({ api }) => api.config.example !== undefined))
