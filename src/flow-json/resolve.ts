// Whether what is referred to exists: inputs, data, screens.

import { COMPONENT_TYPES } from './component-types.ts'
import { type Findings, nearest, quoted } from './findings.ts'
import type { Component, DataProperty, FlowJson, Place, Reference, Screen, ValueType } from './flow-json.ts'
import { nameOf } from './read-action.ts'
import type { FoundReference } from './reading.ts'

/** Those that submit something; one of a type that we do not know may. */
export const inputsOf = (screen: Screen): readonly Component[] =>
  screen.components.filter(({ type, name }) => name !== undefined && submits(type))

const submits = (type: string): boolean =>
  !Object.hasOwn(COMPONENT_TYPES, type) || COMPONENT_TYPES[type]?.submits !== undefined

/** What `${data.name}` stands for; `a.b` is also property `b` of the object `a`. */
export function dataNamed(data: ReadonlyMap<string, DataProperty>, name: string): ValueType | undefined {
  const whole = data.get(name)
  if (whole) return whole.type
  const [first = '', ...path] = name.split('.')
  let type = data.get(first)?.type
  for (const step of path) {
    if (type?.type === 'unknown') return type
    type =
      type?.type === 'object'
        ? type.properties.size === 0
          ? { type: 'unknown' }
          : type.properties.get(step)
        : undefined
  }
  return type
}

/** By the id of the screen they stand on. */
export function resolveReferences(
  { screens }: FlowJson,
  references: ReadonlyMap<string, readonly FoundReference[]>,
  findings: Findings,
): void {
  const namesOf = new Map(
    [...screens.values()].map((screen) => [screen.id, new Set(inputsOf(screen).map(({ name }) => name))]),
  )
  for (const [id, found] of references)
    for (const { place, reference } of found) {
      const screen = screens.get(reference.screen ?? id)
      if (!screen) noScreen(reference.screen ?? id, place, screens, findings)
      else if (reference.to === 'data' && !dataNamed(screen.data, reference.name))
        findings.mistake(place, () =>
          missing(
            reference,
            `${quoted(reference.name)} is not in "data" of screen ${quoted(screen.id)}`,
            screen.data.keys(),
          ),
        )
      else if (reference.to === 'form' && !namesOf.get(screen.id)?.has(reference.name))
        findings.mistake(place, () => {
          const names = inputsOf(screen).flatMap(({ name }) => name ?? [])
          return missing(reference, `screen ${quoted(screen.id)} has no input ${quoted(reference.name)}`, names)
        })
    }
}

/** Screens that `navigate` leads to, and data that `update_data` changes. */
export function resolveTargets({ screens }: FlowJson, findings: Findings): void {
  for (const screen of screens.values())
    for (const { kind, place, target, payload, by } of screen.actions) {
      if (target !== undefined && !screens.has(target)) noScreen(target, place, screens, findings)
      if (kind !== 'update_data') continue
      for (const [name, value] of payload)
        if (!dataNamed(screen.data, name))
          findings.mistake(
            value.place,
            () =>
              `${nameOf(by)} updates ${quoted(name)}, which is not in "data" of screen ${quoted(screen.id)}${nearest(name, screen.data.keys())}`,
          )
    }
}

const missing = ({ to, screen, name }: Reference, reason: string, names: Iterable<string>): string =>
  `\${${screen === undefined ? '' : `screen.${screen}.`}${to}.${name}} leads to nothing: ${reason}${nearest(name, names)}`

function noScreen(id: string, place: Place, screens: ReadonlyMap<string, Screen>, findings: Findings): void {
  findings.mistake(place, () => `there is no screen ${quoted(id)}${nearest(id, screens.keys())}`)
}
