// Fifty times killed under load, on each store: what was acknowledged against what is stored.
//
//   MONGODB_URI=mongodb://127.0.0.1:27017 bun bench/kill.ts [rounds]

import { isBalanced } from '../src/journal/ledger.ts'
import { killRounds } from '../test/kill-loop.ts'
import { makeFolder } from '../test/kit.ts'
import { stores } from '../test/stores.ts'

const rounds = Number(process.argv[2] ?? 50)

console.log('store     rounds  acknowledged  stored  lost  doubled  ledger')
for (const [name, uri] of stores) {
  const folder = await makeFolder(undefined, uri())
  const killAfter = Array.from({ length: rounds }, () => 5 + Math.floor(Math.random() * 150))
  const { acknowledged, stored, lost, doubled, ledger } = await killRounds(folder, killAfter)
  const cells = [rounds, acknowledged, stored, lost, doubled].map((cell, index) =>
    String(cell).padStart([7, 14, 8, 6, 9][index] as number),
  )
  console.log(
    `${name.padEnd(8)}${cells.join('')}  ${isBalanced(ledger) ? 'balances' : 'DOES NOT BALANCE'} ${JSON.stringify(ledger)}`,
  )
  await folder.remove()
}
