// A flow as it is served: the config of one flow, compiled.

import type { FlowJson, Screen as FlowJsonScreen } from '../flow-json/flow-json.ts'
import type { Json } from '../lib/json.ts'
import type { Expression } from './expression.ts'
import type { Pattern } from './field-pattern.ts'
import { isClosedChoice } from './field-types.ts'
import type { ApiConfig, FieldConfig, FlowConfig, Rule } from './schema.ts'
import type { Template } from './template.ts'

export type Flow = {
  readonly key: string
  /**
   * Fingerprint of the flow's config and of the content of its Flow JSON. The order of the funnel is in it, the name of the file and the
   * examples of the APIs are not.
   */
  readonly version: string
  readonly start: string
  readonly open: Opening
  /** Whether what an opening is answered with can depend on requests before it. */
  readonly usesSessionOnOpening: boolean
  /** Whether an answer depends on nothing but what the stored events of the session keep. */
  readonly eventsSuffice: boolean
  readonly screens: ReadonlyMap<string, Screen>
  readonly apis: ReadonlyMap<string, Api>
  /** Ordered steps, each reached on any of its screens. */
  readonly funnel: readonly (readonly string[])[]
  /** Every name in its config: of screens, their fields and their data. */
  readonly names: ReadonlySet<string>
  /** The fields of all screens by name; several screens can use one name. */
  readonly fields: ReadonlyMap<string, readonly Field[]>
  /** The ids of the options that the config itself sends. */
  readonly options: ReadonlySet<string>
  /** Whether some screen offers options that the config does not list. */
  readonly hasOpenChoices: boolean
  readonly lists: { readonly [name: string]: readonly Json[] }
  /** Worked out where an expression uses them. */
  readonly texts: { readonly [name: string]: Template }
  /** What people are told if a field has no message of its own for the rule. */
  readonly messages: { readonly [rule in Rule]?: Template }
  readonly trigger?: Expression
  /** The values of the trigger that the config lists, and the names of exchanges. */
  readonly triggers: ReadonlySet<string>
  readonly sequence?: Expression
  readonly tokens?: {
    readonly accept?: Expression
    readonly expiredMessage: string
    readonly keep?: 'keep' | 'hash'
  }
  readonly failureMessage: string
  readonly flowJson?: FlowJson
  /** Whether the Flow JSON's examples stand in for what nothing gives. */
  readonly usesExamples: boolean
  /** The server that answers in place of the config. */
  readonly forward?: Api
  /** The endpoint whose requests and replies only pass through here. */
  readonly tap?: {
    readonly url: string
    readonly timeoutMs: number
    readonly isCompared: boolean
    /** Whether what is made of a reply depends on what the session said before. */
    readonly usesSession: boolean
  }
  /** Whether screens and fields are learned from what passes, as neither config nor Flow JSON has them. */
  readonly isLearning: boolean
}

/** What happens when the flow is opened. */
export type Opening = {
  /** The variables that stay when the flow is opened again before it was completed. */
  readonly keep: readonly string[]
  readonly ask: readonly Call[]
  readonly set: readonly Assignment[]
  readonly next: readonly Branch[]
}

export type Screen = {
  readonly id: string
  /** Made whenever the screen is about to be sent, side by side. */
  readonly ask: readonly Call[]
  readonly data: readonly DataEntry[]
  readonly fields: readonly Field[]
  readonly fieldNames: ReadonlySet<string>
  /** Of single components; the first whose `when` holds applies. */
  readonly on: readonly Exchange[]
  readonly submission: Submission
  /** The server that says what follows. */
  readonly forward?: Api
  /** Set where the phone ends the flow by itself: whether that counts as completed. */
  readonly ends?: 'completed' | 'unfinished'
  /** What the Flow JSON says of it. */
  readonly inFlowJson?: FlowJsonScreen
}

/** What a request does. */
export type Submission = {
  /** Made in this order, once for each submission that is served. */
  readonly do: readonly Call[]
  readonly set: readonly Assignment[]
  /** The first whose `when` holds applies. Empty: the screen is sent again. */
  readonly next: readonly Branch[]
}

/** A request that a single component makes; it submits only what it sends. */
export type Exchange = Submission & { readonly name: string; readonly when: Expression }

/** One property of the data a screen is sent with. */
export type DataEntry = {
  readonly name: string
  readonly value: Template
  /** In place of an expression without a result, on a screen that was not sent before. */
  readonly otherwise?: Template
}

/** A call of an API, whose answer is `api.<name>` in expressions. */
export type Call = {
  readonly name: string
  readonly api: Api
  readonly with: readonly Assignment[]
  readonly when?: Expression
  /** The body in place of an answer that is not usable; then the call does not stop anything. */
  readonly otherwise?: Template
  /** Whether a remembered answer will not do. */
  readonly fresh?: Expression | true
}

export type Assignment = { readonly name: string; readonly value: Expression | { readonly fixed: Json } }

export type Branch = { readonly when?: Expression; readonly set: readonly Assignment[] } & (
  | { readonly kind: 'to'; readonly to: string; readonly message?: Template }
  | { readonly kind: 'stay'; readonly message: Template; readonly field?: string }
  | { readonly kind: 'complete'; readonly params: readonly DataEntry[] }
  | { readonly kind: 'close'; readonly message: Template }
)

export type Field = {
  readonly name: string
  readonly config: FieldConfig
  /** By what a Flow JSON or the traffic tells: nothing is refused for it. */
  readonly isInferred: boolean
  readonly required: boolean | Expression
  /** The only values, if the config lists them. */
  readonly allowed?: readonly (string | number)[]
  /** Gives the only values, or options with them. */
  readonly allowedBy?: Expression
  readonly pattern?: Pattern
  readonly checks: readonly { readonly that: Expression; readonly message?: Template }[]
  readonly messages: { readonly [rule in Rule]?: Template }
}

export type Api = {
  readonly name: string
  readonly config: ApiConfig
  /** Whether it is left alone for some seconds after several failures in a row. */
  readonly isSpared?: true
  readonly headers: readonly DataEntry[]
}

/** All screens in their order if the config defines no funnel. */
export const defaultFunnel = ({ funnel, screens }: Pick<FlowConfig, 'funnel' | 'screens'>): Flow['funnel'] =>
  (funnel ?? Object.keys(screens)).map((step) => [step].flat())

/** The closed-choice fields of each screen: their values are kept and can explain why people leave. */
export function choicesOf(flow: Flow): { [screen: string]: string[] } {
  return Object.fromEntries(
    [...flow.screens.values()].map((screen) => [
      screen.id,
      screen.fields.filter((field) => isClosedChoice(field.config.type)).map((field) => field.name),
    ]),
  )
}

/** The servers that answer in place of the config. */
export const forwardsOf = ({ forward, screens }: Flow): readonly Api[] =>
  [forward, ...[...screens.values()].map((screen) => screen.forward)].filter((api) => api !== undefined)

/** Whether an endpoint of another answers by itself: nothing is refused here, and nothing sent. */
export const isOnlyObserved = ({ tap }: Flow): boolean => tap !== undefined && !tap.isCompared

/** Whether another server says what follows a request from this screen; without a screen, on opening. */
export const isAnsweredElsewhere = (flow: Flow, screen?: Screen): boolean =>
  flow.forward !== undefined || isOnlyObserved(flow) || screen?.forward !== undefined

/** Whether another server can lead to any screen, and say what it is sent with. */
export const isLedElsewhere = (flow: Flow): boolean =>
  isAnsweredElsewhere(flow) || [...flow.screens.values()].some((screen) => isAnsweredElsewhere(flow, screen))

/** The screen that a branch leads to, if it leads to one. */
export const targetOf = (branch: Branch): readonly string[] => (branch.kind === 'to' ? [branch.to] : [])

/** The screens that a request from this one may be answered with; the screen itself is not listed where it is sent again. */
export const screensAfter = ({ on, submission }: Screen): readonly string[] =>
  [submission, ...on].flatMap(({ next }) => next.flatMap(targetOf))

/** The screens that we answer with when we lead on. */
export const screensSent = ({ start, open, screens }: Flow): ReadonlySet<string> =>
  new Set([start, ...open.next.flatMap(targetOf), ...[...screens.values()].flatMap(screensAfter)])
