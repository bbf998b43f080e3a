import { describe, expect, test } from 'bun:test'
import { rules, sessionOf } from '../../test/session-of.ts'
import { drawSteps, linesOf, trailOf } from '../../test/trail-text.ts'
import { inOrder, sessionIdOf, sessionsOf } from './derive-sessions.ts'
import type { Session } from './session.ts'

describe('the visits of a session', () => {
  test.each<[name: string, events: string, steps: string, counts?: Partial<Session['counts']>]>([
    [
      'a straight walk',
      ` 0s   init    -  A    shown      took=250
        10s  submit  A  B    shown      took=1000 upstream=500
        31s  submit  B  C    shown      data=x
        40s  submit  C  END  completed`,
      ` A  seen  0.25s..10s  submitted  dwell 9.75s  1 request
        B  seen  11s..31s    submitted  dwell 20s    1 request
        C  seen  31s..40s    completed  dwell 9s     1 request`,
      { events: 4, repeats: 0, rejects: 0 },
    ],
    ['a start and nothing more', '0s init - A shown', 'A seen 0s.. open dwell 0s 0 requests'],
    [
      'refused, then accepted: the time before each attempt adds up',
      ` 0s   init    -  A  shown
        10s  submit  A  A  rejected  data=1  took=2000  refused=day:min,slot:in
        20s  submit  A  A  rejected  data=2  refused=day:min  error=upstream_timeout
        25s  submit  A  B  shown     data=3`,
      ` A  seen  0s..25s  submitted  dwell 23s  3 requests  day:min×2  slot:in×1  upstream_timeout
        B  seen  25s..    open       dwell 0s   0 requests`,
      { rejects: 2 },
    ],
    [
      'a second tap is a repeat, not a second step',
      ` 0s   init    -  A    shown
        10s  submit  A  B    shown      data=x
        14s  submit  A  B    shown      data=x
        28s  submit  A  B    shown      data=x
        30s  submit  B  END  completed`,
      ` A  seen  0s..10s   submitted  dwell 10s  1 request
        B  seen  10s..30s  completed  dwell 20s  1 request`,
      { events: 5, repeats: 2 },
    ],
    [
      'the same after the window is no repeat',
      ` 0s     init    -  A  shown
        10s    submit  A  B  shown  data=x
        25.1s  submit  A  B  shown  data=x`,
      ` A  seen      0s..10s       submitted    dwell 10s  1 request
        B  seen      10s..25.1s    unseen_back  dwell 0s   0 requests
        A  returned  25.1s..25.1s  submitted    dwell 0s   1 request
        B  seen      25.1s..       open         dwell 0s   0 requests`,
      { repeats: 0 },
    ],
    [
      'other data is no repeat',
      ` 0s   init    -  A  shown
        10s  submit  A  A  shown  data=x
        11s  submit  A  A  shown  data=y`,
      'A seen 0s.. open dwell 11s 2 requests',
      { repeats: 0 },
    ],
    [
      'trying again after a refusal or a failure of ours is no repeat',
      ` 0s  init    -  A  shown
        2s  submit  A  A  rejected  data=x  refused=f:in
        4s  submit  A  A  failed    data=x  error=no_next
        6s  submit  A  A  failed    data=x  error=no_next
        8s  submit  A  B  shown     data=x`,
      ` A  seen  0s..8s  submitted  dwell 8s  4 requests  f:in×1  no_next  no_next
        B  seen  8s..    open       dwell 0s  0 requests`,
      { repeats: 0, rejects: 1 },
    ],
    [
      'a number seen before is a repeat at any distance',
      ` 0s    init    -  A  shown
        10s   submit  A  B  shown   seq=1  data=x
        100s  submit  A  B  shown   seq=1  data=y
        200s  submit  A  B  failed  seq=1  data=z
        300s  submit  A  B  shown   seq=1  data=z
        400s  submit  B  C  shown   seq=2`,
      ` A  seen  0s..10s    submitted  dwell 10s   1 request
        B  seen  10s..400s  submitted  dwell 390s  1 request
        C  seen  400s..     open       dwell 0s    0 requests`,
      { events: 6, repeats: 3 },
    ],
    [
      'a number that was refused may come again',
      ` 0s   init    -  A  shown
        10s  submit  A  A  rejected  seq=1  refused=f:in
        50s  submit  A  B  shown     seq=1`,
      ` A  seen  0s..50s  submitted  dwell 50s  2 requests  f:in×1
        B  seen  50s..    open       dwell 0s   0 requests`,
      { repeats: 0 },
    ],
    [
      'a request from a screen we did not send: the client moved there',
      ` 0s   init    -  A  shown
        10s  submit  B  B  rejected  refused=f:in
        15s  submit  B  C  shown     data=2`,
      ` A  seen      0s..10s   moved      dwell 0s  0 requests
        B  inferred  10s..15s  submitted  dwell 5s  2 requests  f:in×1
        C  seen      15s..     open       dwell 0s  0 requests`,
    ],
    [
      'no INIT reaches us when the message opens a screen itself',
      '5s submit A B shown',
      ` A  inferred  5s..5s  submitted  dwell 0s  1 request
        B  seen      5s..    open       dwell 0s  0 requests`,
    ],
    [
      'back, said from where and not',
      ` 0s   init    -  A  shown
        10s  submit  A  B  shown
        15s  back    B  A  shown
        20s  submit  A  B  shown  data=2
        30s  back    -  A  shown`,
      ` A  seen  0s..10s   submitted  dwell 10s  1 request
        B  seen  10s..15s  back       dwell 5s   1 request
        A  seen  15s..20s  submitted  dwell 5s   1 request
        B  seen  20s..30s  back       dwell 10s  1 request
        A  seen  30s..     open       dwell 0s   0 requests`,
      { backs: 2 },
    ],
    [
      'nowhere to go back to: the person stays',
      ` 0s   init    -  A  shown
        10s  back    A  A  shown
        90s  back    -  A  shown`,
      'A seen 0s.. open dwell 90s 2 requests',
      { backs: 2 },
    ],
    [
      'a request that names no screen and is answered with the one at hand',
      ` 0s   init    -  A  shown
        10s  submit  -  A  failed  error=unknown_screen
        20s  submit  A  B  shown`,
      ` A  seen  0s..20s  submitted  dwell 20s  2 requests  unknown_screen
        B  seen  20s..    open       dwell 0s   0 requests`,
    ],
    [
      'a request from a screen that the person came through: they went back on the phone, which told nobody',
      ` 0s   init    -  A  shown
        10s  submit  A  B  shown
        20s  submit  B  C  shown
        40s  submit  A  A  rejected  data=2  refused=f:in
        45s  submit  A  B  shown     data=3`,
      ` A  seen      0s..10s   submitted    dwell 10s  1 request
        B  seen      10s..20s  submitted    dwell 10s  1 request
        C  seen      20s..40s  unseen_back  dwell 0s   0 requests
        A  returned  40s..45s  submitted    dwell 5s   2 requests  f:in×1
        B  seen      45s..     open         dwell 0s   0 requests`,
      { backs: 0 },
    ],
    [
      'from a screen that the phone had moved to by itself, it goes back just the same',
      ` 0s   init    -  A  shown
        10s  submit  B  B  rejected  refused=f:in
        20s  submit  A  C  shown`,
      ` A  seen      0s..10s   moved        dwell 0s  0 requests
        B  inferred  10s..20s  unseen_back  dwell 0s  1 request  f:in×1
        A  returned  20s..20s  submitted    dwell 0s  1 request
        C  seen      20s..     open         dwell 0s  0 requests`,
    ],
    [
      'the phone moves on, not back, to a screen that the person had gone back from',
      ` 0s   init    -  A  shown
        10s  submit  A  B  shown
        15s  back    B  A  shown
        20s  submit  B  C  shown  data=2
        30s  submit  A  A  rejected  data=3  refused=f:in
        40s  submit  B  C  shown  data=4`,
      ` A  seen      0s..10s   submitted    dwell 10s  1 request
        B  seen      10s..15s  back         dwell 5s   1 request
        A  seen      15s..20s  moved        dwell 0s   0 requests
        B  inferred  20s..20s  submitted    dwell 0s   1 request
        C  seen      20s..30s  unseen_back  dwell 0s   0 requests
        A  returned  30s..40s  moved        dwell 0s   1 request  f:in×1
        B  inferred  40s..40s  submitted    dwell 0s   1 request
        C  seen      40s..     open         dwell 0s   0 requests`,
      { backs: 1 },
    ],
    [
      'opened again, nothing is behind the first screen; nor is anything after the completion',
      ` 0s   init    -  A    shown
        10s  submit  A  B    shown
        20s  init    -  A    shown
        30s  submit  B  END  completed
        99s  submit  A  B    shown  data=2`,
      ` A  seen      0s..10s   submitted  dwell 10s  1 request
        B  seen      10s..20s  reopened   dwell 0s   0 requests
        A  seen      20s..30s  moved      dwell 0s   0 requests
        B  inferred  30s..30s  completed  dwell 0s   1 request
        A  inferred  99s..99s  submitted  dwell 0s   1 request
        B  seen      99s..     open       dwell 0s   0 requests`,
      { reopens: 1 },
    ],
    [
      'of two screens that the flow does not have, nobody knows whether they are one',
      ` 0s   init    -          A          shown
        10s  submit  (unknown)  (unknown)  shown
        20s  submit  (unknown)  B          shown  data=2
        30s  submit  (unknown)  B          shown  data=3`,
      ` A          seen      0s..10s   moved      dwell 0s   0 requests
        (unknown)  inferred  10s..20s  submitted  dwell 10s  2 requests
        B          seen      20s..30s  moved      dwell 0s   0 requests
        (unknown)  inferred  30s..30s  submitted  dwell 0s   1 request
        B          seen      30s..     open       dwell 0s   0 requests`,
    ],
    [
      'opened again',
      ` 0s   init    -  A  shown
        10s  submit  A  B  shown
        60s  init    -  A  shown
        70s  submit  A  B  shown  data=2`,
      ` A  seen  0s..10s   submitted  dwell 10s  1 request
        B  seen  10s..60s  reopened   dwell 0s   0 requests
        A  seen  60s..70s  submitted  dwell 10s  1 request
        B  seen  70s..     open       dwell 0s   0 requests`,
      { reopens: 1 },
    ],
    [
      'opened by an impatient finger: one opening',
      ` 0s  init  -  A  shown  took=4000
        3s  init  -  A  shown  took=10`,
      'A seen 4s.. open dwell 0s 0 requests',
      { reopens: 0, repeats: 1 },
    ],
    [
      'what went wrong at the start belongs to the screen that was sent',
      '0s init - A shown error=upstream_timeout',
      'A seen 0s.. open dwell 0s 0 requests upstream_timeout',
    ],
    [
      'an error on the client belongs to the screen that it names and moves nobody',
      ` 0s   init          -  A  shown
        10s  submit        A  B  shown
        11s  client_error  A  -  acknowledged  error=client:payload-schema-error
        20s  submit        A  B  shown         data=2`,
      ` A  seen      0s..10s   submitted    dwell 10s  1 request   client:payload-schema-error
        B  seen      10s..20s  unseen_back  dwell 0s   0 requests
        A  returned  20s..20s  submitted    dwell 0s   1 request
        B  seen      20s..     open         dwell 0s   0 requests`,
      { clientErrors: 1 },
    ],
    [
      'an error on a screen visited twice belongs to the later visit; on one never visited, or on none, to the screen sent last',
      ` 0s   init          -  A  shown
        10s  submit        A  B  shown
        20s  back          B  A  shown
        30s  submit        A  B  shown         data=2
        31s  client_error  A  -  acknowledged  error=client:a
        32s  client_error  B  -  acknowledged  error=client:b
        33s  client_error  X  -  acknowledged  error=client:x
        34s  client_error  -  -  acknowledged  error=client:y`,
      ` A  seen  0s..10s   submitted  dwell 10s  1 request
        B  seen  10s..20s  back       dwell 10s  1 request
        A  seen  20s..30s  submitted  dwell 10s  1 request   client:a
        B  seen  30s..     open       dwell 0s   0 requests  client:b client:x client:y`,
      { clientErrors: 4 },
    ],
    [
      'an error after the completion belongs to no visit before it',
      ` 0s   init          -  A    shown
        10s  submit        A  END  completed
        11s  client_error  A  -    acknowledged  error=client:a
        60s  init          -  A    shown
        61s  client_error  A  -    acknowledged  error=client:b`,
      ` A  seen  0s..10s  completed  dwell 10s  1 request
        A  seen  60s..    open       dwell 0s   0 requests  client:b`,
      { clientErrors: 2 },
    ],
    [
      'an error on the client alone',
      '0s client_error - - acknowledged error=client:x',
      '',
      { events: 1, clientErrors: 1 },
    ],
    [
      'completed, then opened again',
      ` 0s   init    -  A    shown
        10s  submit  A  END  completed
        60s  init    -  A    shown`,
      ` A  seen  0s..10s  completed  dwell 10s  1 request
        A  seen  60s..    open       dwell 0s   0 requests`,
      { reopens: 1 },
    ],
    [
      'sent elsewhere by a failure of ours',
      ` 0s   init    -  A  shown
        10s  submit  X  A  failed  error=unknown_screen`,
      ` A  seen      0s..10s   moved  dwell 0s  0 requests
        X  inferred  10s..10s  moved  dwell 0s  1 request  unknown_screen
        A  seen      10s..     open   dwell 0s  0 requests`,
    ],
    [
      'a screen on which the phone ends the flow: being sent it completes the session, and the visits go on',
      ` 0s   init    -  A  shown
        10s  submit  A  B  completed  data=x
        40s  back    B  A  shown
        45s  submit  A  B  completed  data=y`,
      ` A  seen  0s..10s   submitted  dwell 10s  1 request
        B  seen  10s..40s  back       dwell 30s  1 request
        A  seen  40s..45s  submitted  dwell 5s   1 request
        B  seen  45s..     open       dwell 0s   0 requests`,
      { events: 4, backs: 1, repeats: 0 },
    ],
    [
      'two requests that overtake each other: no visit ends before it began',
      ` 0s  init    -  A  shown
        1s  submit  A  B  shown  data=1  took=5000
        2s  submit  A  C  shown  data=2`,
      ` A  seen      0s..1s  submitted    dwell 1s  1 request
        B  seen      6s..6s  unseen_back  dwell 0s  0 requests
        A  returned  6s..6s  submitted    dwell 0s  1 request
        C  seen      6s..    open         dwell 0s  0 requests`,
    ],
  ])('%s', (_name, events, steps, counts = {}) => {
    const session = sessionOf(events)
    expect(drawSteps(session)).toEqual(linesOf(steps))
    expect(session.counts).toMatchObject(counts)
  })

  test('a screen took as long to load as the request that brought it; one that the client moved to took us no time', () => {
    const { steps } = sessionOf(`
      0s  init   -  A  shown     took=400
      9s  submit A  A  rejected  took=20
      20s submit A  B  shown     took=30
      40s submit C  D  shown     took=50`)
    expect(steps.map(({ screen, loadMs }) => [screen, loadMs])).toEqual([
      ['A', 400],
      ['B', 30],
      ['C', undefined],
      ['D', 50],
    ])
  })

  test('a step remembers twenty errors, not a thousand', () => {
    const failures = Array.from({ length: 50 }, (_, n) => `${n + 1}s submit A A failed data=${n} error=no_next`)
    const session = sessionOf(`0s init - A shown\n${failures.join('\n')}`)
    expect(session.steps[0]?.errors).toHaveLength(20)
    expect(session.steps[0]?.requests).toBe(50)
  })
})

describe('one session or several', () => {
  const drawn = `
    0h   init    -  A    shown
    1h   submit  A  END  completed
    25h  init    -  A    shown
    50h  init    -  B    shown`
  const sessions = sessionsOf(trailOf(drawn), rules)

  test('a silence longer than the gap begins another', () => {
    expect(sessions.map(({ counts, exit }) => [counts.events, exit])).toEqual([
      [3, 'A'],
      [1, 'B'],
    ])
  })

  test('each has the id that its first event gives, and rests on all events of the token', () => {
    const events = trailOf(drawn)
    const firsts = [events[0], events[3]].map((event) => event && sessionIdOf(event))
    expect(sessions.map((session) => session.id)).toEqual(firsts as string[])
    expect(sessions.map((session) => session.sourceEventCount)).toEqual([4, 4])
    expect(sessions[0]?.id).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/)
  })

  test('completing counts for good; what the person does afterwards shows', () => {
    const [first] = sessions
    expect(first).toMatchObject({ startedAt: trailOf(drawn)[0]?.at, completedAt: trailOf(drawn)[1]?.at, exit: 'A' })
    expect(sessions[1]?.completedAt).toBeUndefined()
  })

  test('a screen on which the phone ends the flow completes it when it is sent, and is where people end', () => {
    const session = sessionOf(`
      0s   init   -  A  shown
      10s  submit A  B  completed`)
    const [, completing] = trailOf('0s init - A shown\n10s submit A B completed')
    expect(session).toMatchObject({ completedAt: completing?.at, exit: 'B' })
  })

  test('no event, no session', () => expect(sessionsOf([], rules)).toEqual([]))

  test('bytes that were sent again count at the first instant, in whatever order they arrive', () => {
    const [first, second] = trailOf('0s submit A B shown\n3s submit B C shown')
    if (!first || !second) throw new Error('two events')
    const again = { ...first, at: first.at + 9_000 }
    expect(inOrder([again, second, first])).toEqual([first, second])
    expect(inOrder([first, second, again])).toEqual([first, second])
  })
})
