// Writes to an archive until it is killed: `bun archive-writer.ts FOLDER FIRST`.

import { openArchive } from '../src/archive/archive.ts'
import { eventOf, START } from './arbitrary-events.ts'

const [folder = '', first = '0'] = process.argv.slice(2)
const archive = openArchive(folder)
for (let number = Number(first); ; number++) {
  const events = Array.from({ length: 200 }, (_, index) =>
    eventOf({ token: `token ${number}`, at: START + index, input: { note: crypto.randomUUID() } }),
  )
  await archive.write({ flow: 'repair-booking', day: '2026-03-02', events })
}
