// Finds names in expressions that cannot exist.

import jsonata from 'jsonata'
import { suggest } from '../lib/suggest.ts'
import { boundIn } from './check-variables.ts'
import type { KeyPath, Reporters } from './compile-field.ts'
import { submissionsIn } from './config-places.ts'
import { type Flow, forwardsOf } from './definition.ts'
import { type Expression, SCOPE_NAMES } from './expression.ts'
import type { FlowConfig } from './schema.ts'
import type { NamesByScreen } from './submitted-names.ts'

/** Reports each, with the nearest name. */
export function checkNames(
  path: KeyPath,
  { text }: Expression,
  place: { readonly config: FlowConfig; readonly flow: Flow; readonly screens: NamesByScreen },
  { mistake, odd }: Reporters,
): void {
  const known = namesOf(path, place.config, place.flow)
  const told = new Set<string>()
  for (const names of rootPaths(text, boundIn(text)).filter((names) => names.length > 0)) {
    const sentence = mistakeIn(names, known)
    if (sentence !== undefined) mistake(path, sentence)
    else if (!told.has(names.join('.'))) checkSubmitted(path, names, place.screens, { mistake, odd })
    told.add(names.join('.'))
  }
}

/** Whether an expression in this place can see that. */
export const isKnownHere = (names: readonly string[], path: KeyPath, config: FlowConfig, flow: Flow): boolean =>
  mistakeIn(names, namesOf(path, config, flow)) === undefined

/** What people submit can have any name. But where the Flow JSON tells all, one that is not there never has a value. */
function checkSubmitted(
  path: KeyPath,
  [root = '', part, inner]: readonly string[],
  screens: NamesByScreen,
  { mistake, odd }: Reporters,
): void {
  const name = root === 'at' ? inner : part
  const places = root === 'at' ? screensNamed(screens, part) : placesOf(root, path, screens)
  if (name === undefined || !places || places.length === 0) return
  const names = places.flatMap(({ submitted, sent }) => (root === 'sent' ? sent : submitted))
  if (names.includes(name)) return
  const whole = root === 'at' ? `${root}.${part}` : root
  const near = suggest(name, names)
  const isAll = places.every((each) => (root === 'sent' ? each.isAllSent : each.isAll))
  if (root === 'sent' && !isAll) return
  if (near !== undefined)
    (isAll ? mistake : odd)(path, `nothing is ever ${whole}.${name} here; did you mean ${whole}.${near}?`)
  else if (isAll) odd(path, `nothing is ever ${whole}.${name} here; there is ${names.join(', ') || 'nothing'}`)
}

const screensNamed = (screens: NamesByScreen, id: string | undefined) =>
  [...screens].filter(([screen]) => screen === id).map(([, names]) => names)

/** The screens whose names can stand after `root`; undefined where anything can. */
function placesOf(root: string, [section, id, part]: KeyPath, screens: NamesByScreen) {
  const isOfRequest = section === 'screens' && !['ask', 'data', 'pass'].includes(String(part))
  if (root === 'sent') return isOfRequest ? screensNamed(screens, String(id)) : undefined
  if (root === 'known') return section === 'open' ? undefined : [...screens.values()]
  if (root !== 'input' || section === 'open') return undefined
  return isOfRequest ? screensNamed(screens, String(id)) : [...screens.values()]
}

type Known = { readonly [name: string]: readonly string[] | undefined }

/** What each of the names has; undefined where it can have anything. */
function namesOf(path: KeyPath, config: FlowConfig, flow: Flow): Known {
  return {
    input: undefined,
    known: undefined,
    sent: undefined,
    at: flow.isLearning ? undefined : Object.keys(config.screens),
    vars: variablesOf(config, flow),
    api: callsAt(path, config),
    lists: Object.keys(config.lists),
    texts: Object.keys(config.texts),
    session: ['id', 'startedAt', 'screens'],
    token: [],
    now: [],
    today: [],
    ...(path.includes('fields') || path[0] === 'messages' ? { value: undefined, field: [] } : {}),
  }
}

function mistakeIn([name = '', part]: readonly string[], known: Known): string | undefined {
  if (!Object.hasOwn(known, name)) {
    const near = suggest(name, Object.keys(known)) ?? MEANT[name]
    if (near !== undefined) return `there is no ${name} here; did you mean ${near}?`
    return `there is no ${name} here; there is ${Object.keys(known).join(', ')}. A text stands in quotation marks: '${name}'`
  }
  const parts = known[name]
  if (part === undefined || parts === undefined || parts.includes(part)) return undefined
  if (name === 'session' && part === 'inputs') return 'there is no session.inputs; `known` has what the session said'
  const near = suggest(part, parts)
  const all = parts.map((each) => `${name}.${each}`).join(', ')
  const hint = near === undefined ? (all === '' ? NOTHING[name] : `there is ${all}`) : `did you mean ${name}.${near}?`
  return `there is no ${name}.${part} here; ${hint ?? `${name} has no parts`}`
}

const MEANT: { readonly [name: string]: string | undefined } = {
  inputs: 'input',
  variables: 'vars',
  data: 'sent',
  apis: 'api',
  form: 'input',
}

const NOTHING: { readonly [name: string]: string | undefined } = {
  api: 'no API is asked on this way',
  vars: 'no `set` makes a variable',
  lists: 'there is nothing under `lists`',
  texts: 'there is nothing under `texts`',
}

/** The variables that there can be; undefined where a server that is asked can make any. */
export function variablesOf(config: FlowConfig, flow: Flow): string[] | undefined {
  if (forwardsOf(flow).length > 0) return undefined

  type Setting = { readonly set?: object | undefined; readonly next?: unknown }
  const settings: Setting[] = [config.open ?? {}, ...submissionsIn(config).map(([, each]) => each)]
  const branches = settings.flatMap(({ next }) => (Array.isArray(next) ? (next as Setting[]) : []))
  return [...new Set([...settings, ...branches].flatMap(({ set }) => Object.keys(set ?? {})))]
}

/** The calls whose answers can be there: those of the request, and those of the screen that is sent. */
function callsAt(path: KeyPath, config: FlowConfig): string[] {
  const [section, id, part, name] = path
  const asks = (screen: { readonly ask: object }) => Object.keys(screen.ask)
  const opening = Object.keys(config.open?.ask ?? {})
  if (section === 'open') return opening
  if (section === 'apis' || section === 'texts') return everyCall(config)
  if (section !== 'screens') return []
  const screen = config.screens[String(id)]
  if (!screen) return []
  if (part === 'on') return Object.keys(screen.on[String(name)]?.do ?? {})
  if (part === 'do' || part === 'set' || part === 'next' || part === 'complete') return Object.keys(screen.do)
  if (part === 'fields') return []
  // The screen can be sent as the answer to any request.
  return [...asks(screen), ...everyDo(config), ...opening]
}

const everyDo = (config: FlowConfig): string[] => submissionsIn(config).flatMap(([, each]) => Object.keys(each.do))

const everyCall = (config: FlowConfig): string[] => [
  ...everyDo(config),
  ...Object.keys(config.open?.ask ?? {}),
  ...Object.values(config.screens).flatMap(({ ask }) => Object.keys(ask)),
]

/**
 * The names that an expression begins with, such as `api`, `slots`, `body`; not those that are properties of an entry. `bound`: variables
 * that are left out, as the expression makes them itself, also if they are named like one of ours.
 */
export function rootPaths(text: string, bound: ReadonlySet<string> = new Set()): string[][] {
  const found: Found = { paths: [], bound }
  walkPart(jsonata(text).ast(), true, found)
  return found.paths
}

type Found = { readonly paths: string[][]; readonly bound: ReadonlySet<string> }
type Part = { readonly [key: string]: unknown } & { readonly type?: string }

/** Parts in which a plain name is a property of an entry. */
const INSIDE: ReadonlySet<string> = new Set(['stages', 'predicate', 'group', 'pattern', 'update', 'delete'])

/** `isRoot`: whether a plain name means one of the scope. */
function walkPart(value: unknown, isRoot: boolean, found: Found): void {
  if (Array.isArray(value)) {
    for (const each of value) walkPart(each, isRoot, found)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const part = value as Part
  if (part.type === 'path') walkPath(part, isRoot, found)
  else if (part.type !== 'name')
    for (const [key, child] of Object.entries(part)) walkPart(child, isRoot && !INSIDE.has(key), found)
  else if (isRoot) found.paths.push([String(part.value)])
}

/** Only its first step begins at the scope. */
function walkPath({ steps, group }: Part, isRoot: boolean, found: Found): void {
  const all = steps as readonly Part[]
  const bind = all.findIndex(({ focus }, index) => focus !== undefined && index < all.length - 1)
  if (bind >= 0) {
    // What follows a.b@$variable is a part of a.
    walkPath({ steps: all.slice(0, bind + 1) }, isRoot, found)
    walkPath({ steps: all.toSpliced(bind, 1), group }, isRoot, found)
    return
  }
  const [first] = all
  const variable = first?.type === 'variable' ? String(first.value) : undefined
  if (first?.type === 'name' && isRoot) found.paths.push(namesFrom(all, 0))
  else if (variable === '$') found.paths.push(namesFrom(all, 1))
  else if (variable !== undefined && !found.bound.has(variable) && SCOPE_NAMES.some((name) => name === variable))
    found.paths.push([variable, ...namesFrom(all, 1)])
  else walkPart(first, isRoot, found)
  for (const [index, step] of all.entries()) {
    walkPart([step.stages, step.predicate, step.group], false, found)
    if (index > 0 && step.type !== 'name') walkPart(step, false, found)
  }
  walkPart(group, false, found)
}

function namesFrom(steps: readonly Part[], start: number): string[] {
  const end = steps.findIndex(({ type }, index) => index >= start && type !== 'name')
  return steps.slice(start, end < 0 ? undefined : end).map(({ value }) => String(value))
}
