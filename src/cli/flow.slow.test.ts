// `flow import` and `flow instrument` as people run them: in a process of their own.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configWith } from '../../test/kit.ts'
import { run } from '../../test/process.ts'

const IMSS = join(import.meta.dir, '../../test/flows/imss/flow.json')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-flow-'))
  await cp(IMSS, join(folder, 'imss.json'))
})
afterAll(() => rm(folder, { recursive: true }))

test('what import prints is a config that check finds good', async () => {
  await run(['init', 'made'], folder)
  const made = await run(['flow', 'import', '../imss.json'], join(folder, 'made'))
  expect(made).toMatchObject({ code: 0, stderr: '' })
  expect(made.stdout).toStartWith('imss:\n  flow_json: ../imss.json\n  start: IMSS_PROFILE\n')
  await writeFile(join(folder, 'made/config.yaml'), configWith(made.stdout))
  const checked = await run(['check'], join(folder, 'made'))
  expect(checked).toMatchObject({ code: 0, stderr: '' })
  expect(checked.stdout).toContain('measured   not seen: going on from IMSS_PROPOSAL; Back on')
})

test('instrument shows the change as a diff, and makes it when told to', async () => {
  const args = ['flow', 'instrument', 'imss.json', '--way', 'IMSS_PROPOSAL:IMSS_HANDOFF']
  const shown = await run(args, folder)
  expect(shown).toMatchObject({ code: 0, stderr: '' })
  expect(shown.stdout).toContain('-              "name": "navigate",\n')
  expect(shown.stdout).toContain('+                "next_screen": "IMSS_HANDOFF",\n')
  expect(await readFile(join(folder, 'imss.json'), 'utf8')).toBe(await readFile(IMSS, 'utf8'))

  const made = await run([...args, '--write'], folder)
  expect(made.stdout).toMatch(/^1 change made:\nimss\.json:\d+:\d+ Footer leads to IMSS_HANDOFF by "data_exchange"/)
  expect(await readFile(join(folder, 'imss.json'), 'utf8')).toContain('"next_screen": "IMSS_HANDOFF"')
  expect(await readdir(folder)).not.toContain('imss.json.new')
  expect((await run(args, folder)).stderr).toContain('no "navigate" of screen "IMSS_PROPOSAL" leads to "IMSS_HANDOFF"')
})

test('a file that is not there or has mistakes is one line for each', async () => {
  expect(await run(['flow', 'import', 'nowhere.json'], folder)).toMatchObject({
    code: 1,
    stderr: 'nowhere.json: there is no such file\n',
  })
  await writeFile(join(folder, 'broken.json'), '{ "version": "7.3" }')
  const { code, stderr } = await run(['flow', 'instrument', 'broken.json'], folder)
  expect([code, stderr]).toEqual([1, 'broken.json:1:1 the Flow JSON has no "screens"\n'])
})
