/** @jsxImportSource preact */
import { type FirstStep, FirstSteps, type FirstStepsView } from '../../../views/parts/first-steps.tsx'
import { endpointOf } from '../../config/public-url.ts'
import { fragment } from '../../http/html-response.ts'
import type { PageDeps } from '../request.ts'

export async function getFirstSteps(deps: PageDeps): Promise<Response> {
  return fragment(<FirstSteps view={await firstStepsOf(deps)} />)
}

export async function firstStepsOf(deps: PageDeps): Promise<FirstStepsView> {
  const { config, activity, signatures, localTime, store } = deps
  const { lastPing, lastOpening } = activity()
  const incidents = await store.incidentCounts()
  const newest = (times: { readonly [flow: string]: number }) => Math.max(0, ...Object.values(times))
  const [ping, opening] = [newest(lastPing), newest(lastOpening)]
  const isReached = ping > 0 || opening > 0
  return {
    isDone: opening > 0,
    steps: [
      {
        title: 'Give Meta the address',
        state: isReached ? 'done' : 'waiting',
        text: config.server.public_url
          ? "In the flow's endpoint settings, in Meta's Flow Builder:"
          : 'Set server.public_url in the config to the address that Meta can reach; until then only this machine knows:',
        code: Object.keys(config.flows).map((flow) => endpointOf(config.server, flow)),
      },
      publicKeyStep(isReached, incidents.decrypt_failed ?? 0),
      secretStep(config, signatures()),
      {
        title: "See Meta's health check arrive",
        state: ping > 0 ? 'done' : 'waiting',
        text:
          ping > 0 ? 'The last one came' : 'Run the health check in the Flow Builder. It shows here within seconds.',
        ...(ping > 0 && { at: localTime.second(ping) }),
      },
      {
        title: 'Open the flow',
        state: opening > 0 ? 'done' : 'waiting',
        text:
          opening > 0
            ? 'The first screen was sent'
            : 'Preview it in the Flow Builder, or send it to yourself. Without Meta, “screentrail simulate” sends made-up people through it.',
        ...(opening > 0 && { at: localTime.second(opening) }),
      },
    ],
  }
}

const stepOf =
  (title: string) =>
  (state: FirstStep['state'], text: string): FirstStep => ({ title, state, text })

function publicKeyStep(isReached: boolean, undecrypted: number): FirstStep {
  const step = stepOf('Upload the public key')
  if (isReached) return step('done', 'Meta encrypts with the key that this server opens.')
  if (undecrypted > 0)
    return step(
      'wrong',
      `${undecrypted} requests came that no key here opens: upload the public key that belongs to meta.keys again.`,
    )
  return step(
    'waiting',
    'For the phone number that sends the flow. “screentrail keygen” made it, and the README says how to upload it.',
  )
}

function secretStep({ meta }: PageDeps['config'], { ours, foreign }: ReturnType<PageDeps['signatures']>): FirstStep {
  const step = stepOf('Set the app secret')
  if (meta.signature === 'off')
    return step('wrong', 'meta.signature is off: anybody can send requests. Turn it on before you publish.')
  if (meta.app_secrets.length === 0) return step('wrong', 'meta.app_secrets is empty: set the secret of your Meta app.')
  if (foreign > 0 && ours === 0)
    return step('wrong', `${foreign} requests came that another secret signed: it is probably another app's.`)
  return step(
    'done',
    ours > 0 ? 'Requests are signed with it.' : 'It is set; the first request shows whether it is right.',
  )
}
