// What all commands have in common, as people run them: in a process of their own.

import { expect, test } from 'bun:test'
import { tmpdir } from 'node:os'
import { makeFolder } from '../../test/kit.ts'
import { run } from '../../test/process.ts'

test.each([
  [['export', 'sessions', '-c', 'nowhere.yaml']],
  [['simulate', '-c', 'nowhere.yaml']],
  [['doctor', '-c', 'nowhere.yaml']],
])('%p takes the config by -c', async (args) => {
  const { stdout, stderr, code } = await run(args, tmpdir())
  expect(code).toBe(1)
  expect(stdout + stderr).toContain('nowhere.yaml')
  expect(stderr).not.toContain('unknown option')
})

test.each([
  ['person', 'exprt', 'export'],
  ['jobs', 'rn', 'run'],
  ['jobs', 'rum', 'run'],
])('%s %s is told to be no command, and which one was meant', async (group, typed, meant) => {
  const { stdout, stderr, code } = await run([group, typed, 'hash'], tmpdir())
  expect([stdout, stderr, code]).toEqual(['', `error: unknown command '${typed}'\n(Did you mean ${meant}?)\n`, 1])
})

test.each([
  [['check', '-c', ''], "error: option '-c, --config <file>' argument '' is invalid. Expected the name of a file.\n"],
  [
    ['serve', '-p', ''],
    "error: option '-p, --port <number>' argument '' is invalid. Expected a port from 0 to 65535.\n",
  ],
  [['demo', '--sessions', '1e99'], 'Expected a whole number from 1 to 100,000.\n'],
  [['init', ''], "'' is invalid for argument 'folder'. Expected the name of a folder.\n"],
  [['import', 'a.ndjson', ''], "'' is invalid for argument 'place'. Expected a place.\n"],
  [['restore', ''], "'' is invalid for argument 'backup'. Expected a backup.\n"],
  [['flow', 'import', ''], "'' is invalid for argument 'file'. Expected the name of a file.\n"],
  [['keygen', '--out', ''], "option '--out <folder>' argument '' is invalid. Expected the name of a folder.\n"],
  [['simulate', '--profile', ''], "option '--profile <file>' argument '' is invalid. Expected the name of a file.\n"],
  [['simulate', '--seed', ''], "option '--seed <text>' argument '' is invalid. Expected a seed.\n"],
])('%j is refused in one sentence', async (args, sentence) => {
  const { stdout, stderr, code } = await run(args, tmpdir())
  expect([stdout, code]).toEqual(['', 1])
  expect(stderr).toContain(sentence)
})

test.each([
  ['| true', '', 0],
  ['> /dev/full', 'screentrail: cannot write to standard output: the disk is full\n', 1],
])(
  'what cannot be written is no raw error: check %s',
  async (where, sentence, code) => {
    const folder = await makeFolder()
    try {
      const shell = ['bash', '-o', 'pipefail', '-c', `"$@" ${where}`, 'bash']
      const told = await run(['check'], folder.path, {}, '', shell)
      expect(told).toEqual({ stdout: '', stderr: sentence, code })
    } finally {
      await folder.remove()
    }
  },
  60_000,
)

test('jobs run takes one name', async () => {
  const { stderr, code } = await run(['jobs', 'run', 'hash', 'sweep'], tmpdir())
  expect([stderr, code]).toEqual([
    "error: too many arguments for 'run'. Expected 1 argument but got 2: hash, sweep.\n",
    1,
  ])
})
