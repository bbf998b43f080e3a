import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configWith, type Folder, makeFolder, type Running, startApp } from '../../test/kit.ts'

let running: Running
let url = ''
beforeAll(async () => {
  running = await startApp()
  url = `http://localhost:${await running.app.listen(0)}/flows/repair-booking`
})
afterAll(() => running.stop())

async function screentrail(...args: string[]) {
  const main = join(import.meta.dir, '../main.ts')
  const command = [process.execPath, main, 'simulate', '--config', running.folder.config, ...args]
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { out, err, code }
}

/** A port that nobody listens on. */
function deafUrl(): string {
  const server = Bun.serve({ port: 0, fetch: () => new Response() })
  server.stop(true)
  return `http://localhost:${server.port}/flows/repair-booking`
}

describe('screentrail simulate', () => {
  test('ends well when every answer was right, and tells what happened', async () => {
    const { out, err, code } = await screentrail('--url', url, '--sessions', '20', '--seed', 'abc')
    expect(out).toMatch(/^people {7}started 20 · completed \d+/)
    expect(out).toMatch(/^requests {5}ping 1 · init \d+ · submit \d+/m)
    expect(out).toMatch(/^status {7}200 \d+$/m)
    expect(out).toMatch(/^answered in {2}p50 .+ · p90 .+ · p99 .+ · max /m)
    expect(out).toMatch(/^seed {9}abc$/m)
    expect(err).toContain('20 of 20 people')
    expect(code).toBe(0)
  })

  test('prints its report as JSON and nothing else', async () => {
    const { out, code } = await screentrail('--url', url, '--sessions', '3', '--json')
    expect(JSON.parse(out)).toMatchObject({
      flow: 'repair-booking',
      url,
      sessions: { started: 3 },
      wrong: { count: 0 },
    })
    expect(code).toBe(0)
  })

  test('sends nobody to a server of the business that nobody said may be asked', async () => {
    const flows = {
      tapped: 'tap: { url: "http://127.0.0.1:9/" }',
      asked:
        'forward: { url: "http://127.0.0.1:9/" }, start: A, screens: { A: { ends: completed } }, flow_json: flow.json',
    }
    const folder = await makeFolder(configWith(`tapped: { ${flows.tapped} }\nasked: { ${flows.asked} }`))
    const terminal = {
      id: 'A',
      terminal: true,
      success: true,
      title: 'A',
      data: {},
      layout: {
        type: 'SingleColumnLayout',
        children: [{ type: 'Footer', label: 'Go', 'on-click-action': { name: 'complete', payload: {} } }],
      },
    }
    await writeFile(join(folder.path, 'flow.json'), JSON.stringify({ version: '7.0', screens: [terminal] }))
    const args = ['--config', folder.config, '--sessions', '1', '--flow']
    expect((await screentrail(...args, 'tapped')).err).toContain(
      '`screentrail learn tapped` writes them down as config',
    )
    expect((await screentrail(...args, 'asked')).err).toContain('Add --live-apis if it may.')
    await folder.remove()
  })

  test('ends badly when nobody answers, unless that is expected', async () => {
    const deaf = deafUrl()
    const minding = await screentrail('--url', deaf, '--sessions', '1')
    expect(minding.out).toContain('person 1 (sim-')
    expect(minding.out).toContain('the connection was refused; is the endpoint running?')
    expect(minding.err).toContain('Not every answer was right')
    expect(minding.code).toBe(1)
    expect((await screentrail('--url', deaf, '--sessions', '1', '--keep-going')).code).toBe(0)
  })

  describe('of a flow that does something outside', () => {
    const flow = (example: string) =>
      configWith(`order:
  start: ASK
  screens: { ASK: { fields: { what: { type: text } }, do: { order: {} }, complete: { number: { expr: api.order.body.n } } } }
  apis: { order: { url: "http://localhost:1/orders", method: POST${example} } }`)
    const folders: Folder[] = []
    const configOf = async (example: string) => {
      const folder = await makeFolder(flow(example))
      folders.push(folder)
      return ['--config', folder.config, '--sessions', '3']
    }
    afterAll(() => Promise.all(folders.map((folder) => folder.remove())))

    test('rehearses it without a server', async () => {
      const { out, code } = await screentrail(...(await configOf(', example: { n: 7 }')), '--json')
      expect(JSON.parse(out)).toMatchObject({ wrong: { count: 0 }, unreachable: { count: 0 }, faults: { count: 0 } })
      expect(code).toBe(0)
    })

    test.each([
      ['for a screen', 'ASK: { ask: { order: {} },', ''],
      ['on opening', 'ASK: {', 'open: { ask: { order: {} } }, '],
    ])('rehearses one that only asks %s, too, if an example answers', async (_, screen, open) => {
      const asking = (example: string) =>
        configWith(`order: {
  start: ASK, ${open}screens: { ${screen} fields: { what: { type: text } }, complete: {} } },
  apis: { order: { url: "http://localhost:1/orders"${example} } } }`)
      const folder = await makeFolder(asking(', example: { n: 7 }'))
      const without = await makeFolder(asking(''))
      folders.push(folder, without)
      const played = await screentrail('--config', folder.config, '--sessions', '3', '--json')
      expect(JSON.parse(played.out)).toMatchObject({ unreachable: { count: 0 }, faults: { count: 0 } })
      expect(played.code).toBe(0)
      const live = await screentrail('--config', folder.config, '--url', deafUrl(), '--live-apis', '--sessions', '1')
      const asked = await screentrail('--config', without.config, '--url', deafUrl(), '--sessions', '1')
      expect([live.out, asked.out].join()).toMatch(/the connection was refused.*the connection was refused/s)
    })

    test('calls nothing that has no example, and nothing at a server, unless told', async () => {
      const without = await screentrail(...(await configOf('')))
      expect(without.err).toContain('write flows.order.apis.order.example, or add --live-apis.')
      const args = await configOf(', example: { n: 7 }')
      expect((await screentrail(...args, '--url', deafUrl())).err).toContain('Add --live-apis if it may')
      const live = await screentrail(...args, '--url', deafUrl(), '--live-apis')
      expect(live.out).toContain('the connection was refused')
      expect([without.code, live.code]).toEqual([1, 1])
    })
  })

  const refused: [string, string[], string][] = [
    [
      'an endpoint elsewhere',
      ['--url', 'https://flows.example.com/flows/x'],
      'is not on this machine, and this makes load',
    ],
    ['an address that only looks local', ['--url', 'http://localhost.example.com/'], 'add --yes-really-remote'],
    [
      'what is no URL',
      ['--url', 'localhost'],
      'localhost is not a URL of http or https; expected one such as http://localhost:8080/flows/',
    ],
    ['a flow that is not there', ['--flow', 'loan'], 'has no flow loan; it has repair-booking.'],
    [
      'a profile that is not there',
      ['--profile', 'nobody.yaml'],
      'nobody.yaml:1:1 cannot read the profile: there is no such file',
    ],
    ['what is no URL of the web', ['--url', 'ftp://localhost/x'], 'ftp://localhost/x is not a URL of http or https'],
    ['an empty flow', ['--flow', ''], 'has no flow ""; it has repair-booking.'],
    ['a number that is none', ['--sessions', 'many'], 'Expected a whole number from 1 to 10,000,000.'],
    ['more people than can be counted', ['--sessions', '1e99'], 'Expected a whole number from 1 to 10,000,000.'],
    ['more people at once than fit', ['--concurrency', '1e99'], 'Expected a whole number from 1 to 10,000.'],
    ['people who come too fast', ['--rate', '1e99'], 'Expected a number from 0.001 to 10,000.'],
    ['people who never come', ['--rate', '1e-99'], 'Expected a number from 0.001 to 10,000.'],
    ['people who never go on', ['--pace', '1e99'], 'Expected a number from 0 to 100.'],
  ]
  test.each(refused)('refuses %s in one sentence', async (_, args, sentence) => {
    const { out, err, code } = await screentrail(...args)
    expect(err).toContain(sentence)
    expect(out).toBe('')
    expect(code).toBe(1)
  })
})
