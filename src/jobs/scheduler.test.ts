import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../lib/log.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/units.ts'
import { openSqliteQueryStore } from '../store/sqlite/sqlite.ts'
import type { Store } from '../store/store.ts'
import { outcomeOf } from './outcome.ts'
import type { ScheduledJob } from './scheduled-job.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'

/** A Monday, 09:00. The job of these tests is due at a quarter past each hour. */
const START = Date.UTC(2026, 2, 2, 9)

let folder: string
let store: Store
let now: number
let runs: number[]
let open: Scheduler[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'screentrail-jobs-'))
  store = await openSqliteQueryStore(join(folder, 'store.db'))
  now = START
  runs = []
  open = []
})
afterEach(async () => {
  await Promise.all(open.map((scheduler) => scheduler.stop()))
  await store.close()
  rmSync(folder, { recursive: true })
})

type Options = {
  readonly run?: ScheduledJob['run']
  readonly process?: number
  readonly gone?: readonly number[]
  readonly through?: Pick<Store, 'getDocument' | 'putDocument' | 'deleteDocuments'>
}

/** A replica. Its process ends only where `gone` of another says so. */
function replica({ run, process = 1, gone = [], through = store }: Options = {}): Scheduler {
  const job: ScheduledJob = {
    name: 'tidy',
    cron: '15 * * * *',
    does: 'Tidies.',
    run:
      run ??
      (async () => {
        runs.push(now)
        return { rows: 3, text: 'Tidied.' }
      }),
  }
  const scheduler = createScheduler({
    jobs: [job],
    store: through,
    clock: () => now,
    me: { host: 'here', process },
    isGone: (place) => gone.includes(place.process),
    log: createLog('silent'),
  })
  open.push(scheduler)
  return scheduler
}

/** Looks every ten minutes until then. */
async function pass(scheduler: Scheduler, untilMs: number): Promise<void> {
  for (const end = now + untilMs; now < end; now += 10 * MINUTE_MS) await scheduler.runDue()
  await scheduler.runDue()
}

test('a first look leaves alone what another process has noted meanwhile', async () => {
  const other = replica({ process: 2 })
  const runElsewhere = async () => {
    const started = await other.start('tidy', 'ada')
    if (started.ok) await started.ended
  }
  let looks = 0
  const slow: Options['through'] = {
    ...store,
    async getDocument(kind, key, at) {
      const found = await store.getDocument(kind, key, at)
      if (key === 'tidy' && looks++ === 0) await runElsewhere()
      return found
    },
  }
  await replica({ through: slow }).runDue()
  expect(runs).toEqual([START])
  expect(await other.list()).toMatchObject([{ lastRun: { by: 'ada', outcome: 'ok' }, lastSuccessAt: START }])
})

describe('by the clock', () => {
  test('runs once at each time, and not before the first that comes', async () => {
    const scheduler = replica()
    await pass(scheduler, 3 * HOUR_MS)
    expect(runs).toEqual([20, 80, 140].map((minutes) => START + minutes * MINUTE_MS))
    expect(await scheduler.list()).toEqual([
      {
        name: 'tidy',
        cron: '15 * * * *',
        does: 'Tidies.',
        nextAt: START + 195 * MINUTE_MS,
        lastSuccessAt: runs[2] as number,
        lastRun: {
          startedAt: runs[2] as number,
          endedAt: runs[2] as number,
          by: 'schedule',
          outcome: 'ok',
          rows: 3,
          text: 'Tidied.',
        },
      },
    ])
  })

  test('does once what was missed while the machine slept or nothing ran', async () => {
    await pass(replica(), HOUR_MS)
    expect(runs).toHaveLength(1)
    now += 3 * DAY_MS
    const woken = now
    await pass(replica({ process: 2 }), 10 * MINUTE_MS)
    expect(runs).toHaveLength(2)
    expect(runs[1]).toBe(woken)
  })

  test.each([HOUR_MS, 3 * HOUR_MS, 20 * HOUR_MS])(
    'a clock that is set back by %i ms does nothing twice, and goes on',
    async (back) => {
      const scheduler = replica()
      await pass(scheduler, 24 * HOUR_MS)
      const done = runs.length
      now -= back
      await pass(scheduler, back)
      expect(runs).toHaveLength(done)
      await pass(scheduler, 2 * HOUR_MS)
      expect(runs.length).toBeGreaterThanOrEqual(done + 1)
      expect(new Set(runs.map((at) => Math.floor((at - 15 * MINUTE_MS) / HOUR_MS))).size).toBe(runs.length)
    },
  )

  test('a clock that had been years ahead stops nothing', async () => {
    const scheduler = replica()
    now += 5 * 365 * DAY_MS
    await pass(scheduler, 2 * HOUR_MS)
    now = START
    runs = []
    await pass(scheduler, 3 * HOUR_MS)
    expect(runs).toHaveLength(3)
    expect((await scheduler.list())[0]?.nextAt).toBe(START + 195 * MINUTE_MS)
  })

  test('of several replicas one does the work', async () => {
    const replicas = [1, 2, 3].map((process) => replica({ process }))
    for (let look = 0; look < 19; look++, now += 10 * MINUTE_MS)
      await Promise.all(replicas.map((scheduler) => scheduler.runDue()))
    expect(runs).toHaveLength(3)
  })

  test('a failure is kept as a sentence, and tried again at the next time', async () => {
    let tries = 0
    const scheduler = replica({
      run: async ({ report }) => {
        report({ rows: 7, share: 0.5, text: 'half' })
        if (++tries === 1) throw new Error('store: the disk is full; free some space')
        return { rows: 1, text: 'Done.' }
      },
    })
    await pass(scheduler, 40 * MINUTE_MS)
    expect(tries).toBe(1)
    expect((await scheduler.list())[0]).toMatchObject({
      lastRun: { outcome: 'failed', rows: 7, text: 'store: the disk is full; free some space' },
      nextAt: START + 75 * MINUTE_MS,
    })
    await pass(scheduler, HOUR_MS)
    expect(tries).toBe(2)
    expect((await scheduler.list())[0]?.lastRun).toMatchObject({ outcome: 'ok', rows: 1 })
  })
})

/** A run that waits until it is let go on. */
function held() {
  const begun = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  return {
    begun: begun.promise,
    goOn: goOn.resolve,
    run: async ({ report, signal }: Parameters<ScheduledJob['run']>[0]) => {
      runs.push(now)
      report({ rows: 2, share: 0.25, text: 'a quarter' })
      signal.addEventListener('abort', () => goOn.resolve())
      begun.resolve()
      await goOn.promise
      signal.throwIfAborted()
      return { rows: 4, text: 'All.' }
    },
  }
}

/** The store as a process has it until it is killed. */
function mortal() {
  let isDead = false
  const alive = <T>(call: () => Promise<T>) => (isDead ? Promise.reject(new Error('killed')) : call())
  return {
    kill: () => {
      isDead = true
    },
    store: {
      getDocument: (...args: Parameters<Store['getDocument']>) => alive(() => store.getDocument(...args)),
      putDocument: (...args: Parameters<Store['putDocument']>) => alive(() => store.putDocument(...args)),
      deleteDocuments: (...args: Parameters<Store['deleteDocuments']>) => alive(() => store.deleteDocuments(...args)),
    },
  }
}

describe('a run', () => {
  test('is refused while another is under way, here or elsewhere, which shows its progress', async () => {
    const { run, begun, goOn } = held()
    const here = replica({ run })
    const elsewhere = replica({ process: 2 })
    const started = await here.start('tidy', 'ada')
    await begun
    for (const scheduler of [here, elsewhere])
      expect(await scheduler.start('tidy', 'grace')).toEqual({
        ok: false,
        reason: 'running',
        holder: { host: 'here', process: 1, since: START },
      })
    await elsewhere.runDue()
    expect(runs).toHaveLength(1)
    goOn()
    expect(started.ok && (await started.ended)).toMatchObject({ by: 'ada', outcome: 'ok', rows: 4 })
    expect((await elsewhere.list())[0]).not.toHaveProperty('progress')
  })

  test('by hand counts for its time', async () => {
    const scheduler = replica()
    await pass(scheduler, 10 * MINUTE_MS)
    now = START + 16 * MINUTE_MS
    const started = await scheduler.start('tidy', 'ada')
    if (started.ok) await started.ended
    await scheduler.runDue()
    expect(runs).toEqual([START + 16 * MINUTE_MS])
  })

  test('ends between two batches when the server stops, and is done soon after the next start', async () => {
    const { run, begun } = held()
    const first = replica({ run })
    await first.runDue()
    now += 20 * MINUTE_MS
    const due = first.runDue()
    await begun
    await first.stop()
    await due
    const second = replica({ process: 2 })
    const [state] = await second.list()
    expect(state?.lastRun).toMatchObject({ outcome: 'stopped', rows: 2 })
    now += MINUTE_MS
    await second.runDue()
    expect(runs).toEqual([START + 20 * MINUTE_MS, START + 21 * MINUTE_MS])
    expect(await first.start('tidy', 'ada')).toEqual({ ok: false, reason: 'stopping' })
  })

  test('that kills its process is tried once more, and then at its next time', async () => {
    await replica().runDue()
    now += 20 * MINUTE_MS
    const killed = [11, 12].map((process, index) => ({ process, gone: index === 0 ? [] : [11], held: held() }))
    for (const { process, gone, held } of killed) {
      const place = mortal()
      void replica({ process, gone, run: held.run, through: place.store }).runDue()
      await held.begun
      place.kill()
      // Nobody hears of it any more.
      now += MINUTE_MS + 1
      const [state] = await replica({ process: 99 }).list()
      expect(state && outcomeOf(state)).toBe('killed')
    }
    const third = replica({ process: 13, gone: [11, 12] })
    await third.runDue()
    expect(runs).toHaveLength(2)
    await pass(third, HOUR_MS)
    expect(runs).toHaveLength(3)
    for (const { held } of killed) held.goOn()
  })

  test('of a job that there is not is refused', async () => {
    expect(await replica().start('sweep', 'ada')).toEqual({ ok: false, reason: 'unknown' })
  })
})
