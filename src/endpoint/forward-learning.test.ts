// What is learned of a flow whose answers come from another server, and whose screens nobody has written down.

import { expect, test } from 'bun:test'
import { configWith, startApp } from '../../test/kit.ts'
import { personOf } from '../../test/person.ts'

const DAY = { screen: 'DAY', data: { days: [{ id: 'mon', title: 'Monday' }] } }

test('a field whose values the server offered is a choice', async () => {
  await using other = Bun.serve({
    port: 0,
    async fetch(request) {
      const { action } = (await request.json()) as { action: string }
      return Response.json(action === 'INIT' ? DAY : { screen: 'TIME', data: {} })
    },
  })
  const running = await startApp({ config: configWith(`learned: { forward: { url: "${other.url.origin}" } }`) })
  try {
    for (const token of ['p-1', 'p-2', 'p-3']) {
      const person = personOf(running, 'learned', token)
      await person.open()
      await person.submit('DAY', { day: 'mon', note: 'hi' })
    }
    await running.app.settled()
    const told = await running.app.report('answers', { flow: 'learned' }, Date.now())
    expect(told.ok && told.report.learned?.screens.map(({ fields }) => fields)).toContainEqual([
      { name: 'day', types: ['choice'] },
      { name: 'note', types: ['text'] },
    ])
  } finally {
    await running.stop()
  }
})
