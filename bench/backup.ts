// What a backup costs the people who fill in forms meanwhile, and how long backup, drill and restore take.
//
//   bun bench/backup.ts [sqlite|mongodb] [events]

import { backupsIn } from '../src/backup/folder.ts'
import { run } from '../test/process.ts'
import { compareBeside, keepAsking, serveJourneys } from './beside.ts'

const served = await serveJourneys(process.argv[2] ?? 'sqlite', Number(process.argv[3] ?? 200_000))
const { folder } = served

const command = async (...args: readonly string[]): Promise<string> => {
  const began = performance.now()
  const { stdout, stderr, code } = await run(args, folder.path)
  if (code !== 0) throw new Error(stderr)
  return `${((performance.now() - began) / 1_000).toFixed(1)} s   ${stdout.split('\n')[0]}`
}

try {
  await compareBeside(served, { rounds: 3, seconds: 20, rate: 60 }, 'backups', () =>
    keepAsking(() => command('backup')),
  )
  console.log(await command('backup'))
  console.log(await command('drill'))
  await served.served.stop()
  const [newest = ''] = backupsIn((await folder.load()).config.backup.folder).slice(-1)
  if (process.argv[2] !== 'mongodb') console.log(await command('restore', newest, '--replace'))
} finally {
  await served.remove()
}
