// A config that is made of a Flow JSON is one that loads, and fits it.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { FLOW_JSONS, flowJsonNamed, flowJsonText } from '../../test/flow-json-kit.ts'
import { configWith } from '../../test/kit.ts'
import { initFolder } from '../cli/init.ts'
import { formatMistake, loadConfig } from '../config/load.ts'
import { draftFlow } from './draft-flow.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-draft-'))
  await initFolder(folder)
})
afterAll(() => rm(folder, { recursive: true }))

test.each(FLOW_JSONS)('%s', async (name) => {
  await writeFile(join(folder, 'flow.json'), flowJsonText(name))
  const config = join(folder, 'config.yaml')
  const draft = draftFlow(flowJsonNamed(name), 'flow.json')
  await writeFile(config, configWith(stringify({ flow: draft })))
  const loaded = await loadConfig(config, {})
  expect(loaded.ok ? [] : loaded.mistakes.map(formatMistake)).toEqual([])
})

test('says of each screen what the Flow JSON says', () => {
  expect(draftFlow(flowJsonNamed('imss'), 'imss.json')).toMatchObject({
    flow_json: 'imss.json',
    start: 'IMSS_PROFILE',
    screens: {
      IMSS_PROFILE: {
        fields: { profile: { type: 'choice', required: true, in: ['1', '2', '3', '4'] } },
        next: [{ when: 'false', to: 'IMSS_PENSION' }, { to: 'IMSS_REJECTED' }],
      },
      IMSS_PENSION: { pass: ['profile'], fields: { pension: { type: 'number' } }, next: 'IMSS_PROPOSAL' },
      IMSS_HANDOFF: { fields: { nombre: { type: 'text' }, ciudad: { type: 'text' } }, complete: {} },
    },
    funnel: ['IMSS_PROFILE', ['IMSS_PENSION', 'IMSS_REJECTED'], 'IMSS_PROPOSAL', 'IMSS_HANDOFF'],
  })
})
