// Reads a Flow JSON: what is known of each screen, or all its mistakes.

import { sha256 } from '../lib/ids.ts'
import { canonical } from '../lib/json.ts'
import { checkRules } from './check-rules.ts'
import { createFindings, nearest, quoted } from './findings.ts'
import type { Finding, FlowJson, Screen } from './flow-json.ts'
import { type JsonNode, member, type ObjectNode, plain, readJson } from './json-tree.ts'
import { outlineScreen, readScreen, type ScreenOutline } from './read-screen.ts'
import { described, type FoundReference, listIn, noteUnknown, objectIn, type Reading, textIn } from './reading.ts'
import { resolveReferences, resolveTargets } from './resolve.ts'
import { isNewerThanKnown, isPublished, NEWEST, numberOf, versionNumber } from './versions.ts'

/** `notes` tell what Meta may refuse, what a phone may refuse to show, and what is newer than we know; all of it was read nevertheless. */
export type FlowJsonResult =
  | { readonly ok: true; readonly flowJson: FlowJson; readonly notes: readonly Finding[] }
  | { readonly ok: false; readonly mistakes: readonly Finding[] }

const PROPERTIES = ['version', 'data_api_version', 'routing_model', 'screens', 'data_channel_uri']

/** `file` is what findings call the text. Never throws, whatever the text. */
export function readFlowJson(text: string, file: string): FlowJsonResult {
  const findings = createFindings(file)
  const root = readJson(text, findings)
  const flowJson = root && readRoot(root, findings)
  return flowJson && findings.mistakes().length === 0
    ? { ok: true, flowJson, notes: findings.notes() }
    : { ok: false, mistakes: findings.mistakes() }
}

function readRoot(root: JsonNode, findings: Reading['findings']): FlowJson | undefined {
  const top = objectIn(root, 'a Flow JSON', { findings, version: 0, references: [] })
  if (!top) return undefined
  const version = readVersion(top, findings)
  const reading: Reading = { findings, version: versionNumber(version) ?? numberOf(NEWEST), references: [] }
  noteUnknown(top, PROPERTIES, 'the Flow JSON', reading)

  const outlines = outlineScreens(top, reading)
  const references = new Map<string, readonly FoundReference[]>()
  const screens = new Map<string, Screen>()
  for (const outline of outlines.values()) {
    const ofScreen: Reading = { ...reading, references: [] }
    screens.set(outline.id, readScreen(outline, outlines, ofScreen))
    references.set(outline.id, ofScreen.references)
  }
  const dataApiVersion = textIn(member(top, 'data_api_version'), '"data_api_version"', reading)
  const routingModel = readRouting(top, screens, reading)
  const flowJson: FlowJson = {
    digest: sha256(canonical(plain(root))),
    version,
    ...(dataApiVersion !== undefined && { dataApiVersion }),
    ...(routingModel && { routingModel }),
    screens,
  }
  resolveReferences(flowJson, references, findings)
  resolveTargets(flowJson, findings)
  if (findings.mistakes().length === 0) checkRules(flowJson, findings)
  return flowJson
}

function readVersion(top: ObjectNode, findings: Reading['findings']): string {
  const node = member(top, 'version')
  if (!node) {
    findings.mistake(top.place, () => `the Flow JSON has no "version"; the newest known here is "${NEWEST}"`)
    return NEWEST
  }
  const text = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : ''
  const number = versionNumber(text)
  if (number === undefined)
    findings.mistake(node.place, () => `"version" must be a text such as "${NEWEST}", but is ${described(node)}`)
  else if (isNewerThanKnown(number))
    findings.note(
      node.place,
      () =>
        `version ${text} of Flow JSON is newer than ${NEWEST}, the newest known here; what is new in it was not understood`,
    )
  else if (!isPublished(text)) findings.note(node.place, () => `Meta has published no version ${text} of Flow JSON`)
  return number === undefined ? NEWEST : text
}

function outlineScreens(top: ObjectNode, reading: Reading): ReadonlyMap<string, ScreenOutline> {
  const node = member(top, 'screens')
  if (!node)
    reading.findings.mistake(top.place, () => `the Flow JSON has no "screens"${nearest('screens', top.members.keys())}`)
  const nodes = listIn(node, '"screens"', reading)
  if (node?.kind === 'list' && nodes.length === 0) reading.findings.mistake(node.place, () => '"screens" is empty')
  const outlines = new Map<string, ScreenOutline>()
  for (const outline of nodes.map((screen) => outlineScreen(screen, reading))) {
    if (!outline) continue
    if (outlines.has(outline.id))
      reading.findings.mistake(outline.object.place, () => `two screens have the id ${quoted(outline.id)}`)
    else outlines.set(outline.id, outline)
  }
  return outlines
}

function readRouting(
  top: ObjectNode,
  screens: ReadonlyMap<string, Screen>,
  reading: Reading,
): ReadonlyMap<string, readonly string[]> | undefined {
  const node = member(top, 'routing_model')
  const object = node && objectIn(node, '"routing_model"', reading)
  if (!object) return undefined
  const exists = (id: string, place: JsonNode['place']): boolean => {
    if (!screens.has(id))
      reading.findings.mistake(
        place,
        () => `"routing_model" names ${quoted(id)}, but there is no such screen${nearest(id, screens.keys())}`,
      )
    return screens.has(id)
  }
  const model = new Map<string, readonly string[]>()
  for (const [from, { place, value }] of object.members) {
    exists(from, place)
    const to = listIn(value, `what may follow ${quoted(from)} in "routing_model"`, reading)
    model.set(
      from,
      to.flatMap((item) => {
        const id = textIn(item, `a screen after ${quoted(from)} in "routing_model"`, reading)
        return id !== undefined && exists(id, item.place) ? [id] : []
      }),
    )
  }
  return model
}
