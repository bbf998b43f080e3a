// 1, 2 and 4 processes over one MongoDB behind a load balancer: how what they answer grows, and where it ends.
//
//   MONGODB_URI=mongodb://127.0.0.1:27017 bun bench/replicas.ts [--replicas 1,2,4] [--connections 32] [--seconds 20] [--rounds 3]
//
// Closed loop: each connection sends the next request of a crowd when the reply is there, so that the requests of a person reach
// several replicas. Each run has processes, journals and a database of its own; rounds alternate between the numbers of replicas.

import { cp } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Folder, makeFolder } from '../test/kit.ts'
import { listening } from '../test/listening.ts'
import { type Served, serve } from '../test/process.ts'
import { compare, storedIds } from '../test/stored.ts'
import { MOST_A_SECOND, median, quantile, replyByReply } from './load.ts'
import { crowd, people, prepare, type Sealed } from './people.ts'
import { placeFor } from './places.ts'
import { emptied, machineMs, processorMs, readMetrics, writtenBytes } from './watch.ts'

const { values } = parseArgs({
  options: {
    replicas: { type: 'string', default: '1,2,4' },
    connections: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
  },
})
const [connections, seconds, rounds] = [Number(values.connections), Number(values.seconds), Number(values.rounds)]
const counts = values.replicas.split(',').map(Number)
/** Until the just-in-time compiler is done with all of them. */
const WARM_UP_SECONDS = 8
/** Of the cores: what is left then is not enough for more. */
const ALL_BUSY = 0.9
const NAME_WIDTH = 52

type Replica = { readonly folder: Folder; readonly served: Served }

const NAMES = {
  screentrail: 'Screentrail',
  rest: 'everything else, the database above all',
  balancer: 'load balancer',
  generator: 'load generator',
}
type Party = keyof typeof NAMES
const PARTIES = Object.keys(NAMES) as Party[]

/** Processor time, milliseconds. */
type Spent = Readonly<Record<Party, number>>

type Look = {
  readonly at: number
  readonly spent: Spent
  /** Bytes, to disks, by Screentrail. */
  readonly written: number
  readonly stored: number
  readonly waiting: number
}

type Run = {
  readonly answered: number
  readonly took: number
  /** Milliseconds, sorted. */
  readonly latencies: readonly number[]
  readonly failed: number
  /** Before the load, right after it, and when nothing waits any more. */
  readonly looks: readonly [Look, Look, Look]
  readonly lost: number
  readonly doubled: number
}

const sum = <T>(some: readonly T[], of: (one: T) => number): number => some.reduce((all, one) => all + of(one), 0)
const total = (numbers: readonly number[]): number => sum(numbers, (number) => number)
const spentBy = (who: Party, from: Look, until: Look): number => until.spent[who] - from.spent[who]
/** Of all cores, while the load lasted. */
const shareOf = (who: Party, { looks: [before, meanwhile] }: Run): number =>
  spentBy(who, before, meanwhile) / (meanwhile.at - before.at) / cpus().length

const runs = new Map(counts.map((count) => [count, [] as Run[]]))
for (let round = 0; round < rounds; round++) for (const [count, some] of runs) some.push(await play(count))
print()

async function play(count: number): Promise<Run> {
  const place = placeFor('mongodb', '')
  const replicas: Replica[] = []
  try {
    while (replicas.length < count) replicas.push(await start(place.uri, replicas[0]))
    const { acknowledged, ...measured } = await measure(replicas)
    for (const { served } of replicas) await served.stop()
    return { ...measured, ...compare(acknowledged, await storedIds(place.uri)) }
  } finally {
    for (const { served, folder } of replicas) {
      await served.kill()
      await folder.remove()
    }
    await place.remove()
  }
}

/** With the keys of the first. */
async function start(uri: string, first: Replica | undefined): Promise<Replica> {
  const folder = await makeFolder(undefined, uri)
  if (first) await cp(join(first.folder.path, 'keys'), join(folder.path, 'keys'), { recursive: true })
  return { folder, served: await serve(folder) }
}

async function measure(replicas: readonly Replica[]) {
  const ports = replicas.map(({ served }) => served.port)
  const balancer = await listening([process.execPath, join(import.meta.dir, 'balancer.ts'), ...ports.map(String)], {})
  const requests = crowd(people((replicas[0] as Replica).folder), 1_000)
  const acknowledged = new Set<string>()

  const load = async (prepared: readonly Sealed[], forSeconds: number) => {
    const all = Array(connections).fill(prepared.values())
    const latencies: number[] = []
    let failed = 0
    const took = await replyByReply(balancer.port, all, forSeconds, ({ id, status, ms }) => {
      latencies.push(ms)
      if (status === 200) acknowledged.add(id)
      else failed++
    })
    return { answered: latencies.length - failed, took, latencies: latencies.sort((a, b) => a - b), failed }
  }
  const look = async (): Promise<Look> => {
    const ledgers = (await Promise.all(ports.map(readMetrics))).map(({ ledger }) => ledger)
    const screentrail = sum(replicas, ({ served }) => processorMs(served.pid))
    const [balancing, generator] = [processorMs(balancer.pid), processorMs(process.pid)]
    return {
      at: performance.now(),
      spent: { screentrail, balancer: balancing, generator, rest: machineMs() - screentrail - balancing - generator },
      written: sum(replicas, ({ served }) => writtenBytes(served.pid)),
      stored: sum(ledgers, ({ stored }) => stored),
      waiting: sum(ledgers, ({ waiting }) => waiting),
    }
  }
  const emptyAll = () => Promise.all(ports.map(emptied))

  try {
    await load(prepare(requests, WARM_UP_SECONDS * MOST_A_SECOND), WARM_UP_SECONDS)
    const prepared = prepare(requests, seconds * MOST_A_SECOND)
    await emptyAll()
    const before = await look()
    const loaded = await load(prepared, seconds)
    const meanwhile = await look()
    await emptyAll()
    return { ...loaded, looks: [before, meanwhile, await look()] as const, acknowledged }
  } finally {
    await balancer.stop()
  }
}

function print(): void {
  const all = [...runs.values()]
  const row = (name: string, digits: number, of: (run: Run) => number, over = median) => {
    const cells = all.map((some) => over(some.map(of)).toFixed(digits).padStart(9))
    console.log(`${name.padEnd(NAME_WIDTH)}${cells.join('')}`)
  }
  const rate = ({ answered, took }: Run) => answered / took
  const storedMeanwhile = ({ looks: [before, meanwhile], took }: Run) => (meanwhile.stored - before.stored) / took
  const waited = ({ looks: [, { waiting }] }: Run) => waiting
  const drainSeconds = ({ looks: [, meanwhile, after] }: Run) => (after.at - meanwhile.at) / 1_000
  const written = ({ looks: [before, , after], answered }: Run) => (after.written - before.written) / answered
  const micros = (who: Party) => (run: Run) => (1_000 * spentBy(who, run.looks[0], run.looks[2])) / run.answered

  console.log(`\n${connections} connections, median of ${rounds} rounds of ${seconds} s`)
  console.log(`${'replicas'.padEnd(NAME_WIDTH)}${counts.map((count) => String(count).padStart(9)).join('')}`)
  row('requests/s answered', 0, rate)
  row('  p50, ms', 1, ({ latencies }) => quantile(latencies, 0.5))
  row('  p99, ms', 1, ({ latencies }) => quantile(latencies, 0.99))
  row('events/s stored meanwhile', 0, storedMeanwhile)
  row('  events that waited at the end', 0, waited)
  row('  stored after, s', 1, drainSeconds)
  row('  events/s of these', 0, (run) => waited(run) / drainSeconds(run))
  console.log('processor time of a request until it is stored, µs')
  for (const who of PARTIES) row(`  ${NAMES[who]}`, 0, micros(who))
  row('written to disk by Screentrail, bytes a request', 0, written)
  row('cores busy meanwhile, %', 0, (run) => 100 * sum(PARTIES, (who) => shareOf(who, run)))
  row('requests that failed, in all rounds', 0, ({ failed }) => failed, total)
  row('  lost', 0, ({ lost }) => lost, total)
  row('  doubled', 0, ({ doubled }) => doubled, total)
  console.log(`\n${theEnd()}`)
  if (all.flat().some(({ failed, lost, doubled }) => failed + lost + doubled > 0)) process.exitCode = 1
}

/** What the processors did with the most replicas. */
function theEnd(): string {
  const most = Math.max(...counts)
  const shares = PARTIES.map((who) => ({ who, share: median((runs.get(most) ?? []).map((run) => shareOf(who, run))) }))
  const busy = sum(shares, ({ share }) => share)
  const parts = shares.map(({ who, share }) => `${NAMES[who]} ${(100 * share).toFixed(0)} %`)
  return (
    `With ${most} replicas, ${(100 * busy).toFixed(0)} % of the machine’s ${cpus().length} cores were busy (${parts.join('; ')}), so ` +
    `${busy >= ALL_BUSY ? 'the cores are' : 'something other than the cores is'} the end.`
  )
}
