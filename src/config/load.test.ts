// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what the config reads, not a slip.

import { beforeAll, describe, expect, test } from 'bun:test'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { configFolder, FLOWS, KEY, loaded, META } from '../../test/config-folder.ts'
import { formatMistake, loadConfig } from './load.ts'

const { fileOf, good, mistakesOf } = configFolder()
beforeAll(() => symlink(fileOf('data'), fileOf('linked')))

describe('a config that is good', () => {
  test('may leave out everything but keys and flows', async () => {
    const { config, warnings } = await good(META + FLOWS)
    expect(config.server).toMatchObject({ port: 8080, trusted_proxies: 0, timezone: 'UTC' })
    expect(config.session).toEqual({ gap: 86_400_000, lost_after: 86_400_000, repeat_window: 15_000 })
    expect(warnings).toEqual([])
  })

  test('has its file names counted from its own folder, whatever the working directory', async () => {
    const { config } = await good(`${META}${FLOWS}retention: { archive: old/events }\n`)
    expect(config.meta.keys[0]?.file).toBe(fileOf('keys/flow-private.pem'))
    expect(config.store.uri).toBe(`sqlite:${fileOf('data/screentrail.db')}`)
    expect(config.journal.file).toBe(fileOf('data/journal.db'))
    expect(config.privacy.key).toBe(fileOf('keys/pseudonym.key'))
    expect(config.retention.archive).toBe(fileOf('old/events'))
  })

  test('may archive to a bucket', async () => {
    const { config } = await good(`${META}${FLOWS}retention: { archive: s3://cold/events }\n`)
    expect(config.retention.archive).toBe('s3://cold/events')
  })

  test('keeps absolute file names as they are', async () => {
    const { config } = await good(
      `${META}${FLOWS}store: { uri: "sqlite:/srv/trail.db" }\njournal: { file: /srv/j.db }\n`,
    )
    expect(config).toMatchObject({ store: { uri: 'sqlite:/srv/trail.db' }, journal: { file: '/srv/j.db' } })
  })

  test('compiles every flow', async () => {
    const { flows } = await good(
      `${META}flows:\n  a: { start: A, screens: { A: {} } }\n  b: { start: B, screens: { B: {} } }\n`,
    )
    expect([...flows.keys()]).toEqual(['a', 'b'])
  })

  test('may say a thing once and refer to it', async () => {
    const { flows } = await good(`${META}flows: { a: &flow { start: A, screens: { A: {} } }, b: *flow }\n`)
    expect(flows.get('b')?.start).toBe('A')
  })

  test.each([
    [
      'a screen nothing leads to',
      'a: { start: A, screens: { A: {}, LOST: {} } }',
      '2:43 no `next` leads to screen LOST',
    ],
    [
      'an API that nothing calls',
      'a: { start: A, screens: { A: {} }, apis: { s: { url: "https://x.example" } } }',
      '2:53 nothing calls the API s',
    ],
    [
      'a field that is called like an error of the client',
      'a: { start: A, screens: { A: { fields: { error: { type: text } } } } }',
      '2:51 Meta’s client reports its errors under the name error; from screen A such a report will be taken for what ' +
        'people submit. Give the field another name, here and in the Flow JSON',
    ],
    [
      'a value that is hashed before its session ends',
      'a: { start: A, screens: { A: { fields: { name: { type: text, keep: keep, hash_after: 1m } } } } }',
      '2:83 `hash_after` is shorter than session.gap (24 h): where a session goes on after that, a restarted server no longer has ' +
        'the value; make it at least as long',
    ],
  ])('is warned of %s', async (_, flow, warning) => {
    const { warnings } = await good(`${META}flows: { ${flow} }\n`)
    expect(warnings.map(formatMistake)).toEqual([`${fileOf('config.yaml')}:${warning}`])
  })
})

describe('a mistake is told with its place', () => {
  const inScreen = (text: string) => `${META}flows:\n  a:\n    start: A\n    screens:\n      A: ${text}\n`

  test.each([
    ['an empty file', '', ['1:1 the file must be a mapping, found nothing']],
    ['a file that is one text', 'hello', ['1:1 the file must be a mapping, found a text']],
    ['a missing section', FLOWS, ['1:1 `meta` is missing; expected a mapping']],
    ['a missing key', `${META}flows:\n  a: { screens: { A: {} } }\n`, ['3:3 `start` is missing in `a`; expected text']],
    ['an empty section', `${META}${FLOWS}session:\n`, ['3:1 `session` must be a mapping, found nothing']],
    [
      'a number that is too big',
      `${META}${FLOWS}server: { port: 70000 }`,
      ['3:17 `port` must be at most 65535, found 70000'],
    ],
    ['a number that is too small', `${META}${FLOWS}server: { port: 0 }`, ['3:17 `port` must be at least 1, found 0']],
    ['a fraction', `${META}${FLOWS}server: { port: 80.5 }`, ['3:17 `port` must be a whole number, found 80.5']],
    [
      'a word that is not one of a few',
      `${META}${FLOWS}journal: { durability: disc }`,
      ['3:24 `durability` must be one of disk, process, found "disc"; did you mean disk?'],
    ],
    [
      'a duration without a unit',
      `${META}${FLOWS}session: { repeat_window: 15 }`,
      ['3:27 `repeat_window` must be a duration such as 15s or 24h, found 15'],
    ],
    [
      'sessions that would be derived again',
      `${META}${FLOWS}retention: { sessions: 90d }`,
      [
        '3:24 `sessions` has no `events` beside it, so that removed sessions would be derived again from their events; give `events` an age, too',
      ],
    ],
    [
      'sessions that are kept for a shorter time than their events',
      `${META}${FLOWS}retention: { events: 60d, sessions: 30d }`,
      ['3:37 `sessions` is shorter than `events`, from which they would be derived again; expected 60 d or more'],
    ],
    [
      'numbers that have an age, and their sessions none',
      `${META}${FLOWS}retention: { events: 60d, rollups: 400d }`,
      [
        '3:36 `rollups` has no `sessions` beside it, so that lists would have sessions that no number counts; give `sessions` an age, too',
      ],
    ],
    [
      'numbers that are kept for a shorter time than their sessions',
      `${META}${FLOWS}retention: { events: 60d, sessions: 90d, rollups: 89d }`,
      ['3:51 `rollups` is shorter than `sessions`, which no number would count then; expected 90 d or more'],
    ],
    [
      'events that are removed before their session has ended',
      `${META}${FLOWS}session: { gap: 3d, lost_after: 24h }\nretention: { events: 3d }`,
      [
        '4:22 `events` is 3 d; expected 4 d or more, so that a session has ended, and health is told from single requests of a day, before they are removed',
      ],
    ],
    [
      'values that are removed before they become pseudonyms',
      `${META}flows:\n  a:\n    start: A\n    screens:\n      A: { fields: { f: { type: text, hash_after: 90d } } }\nretention: { events: 60d }\nprivacy: { hash_after: 61d }\n`,
      [
        '6:51 `hash_after` is 90 d, and events are removed at 60 d (`retention.events`), before anything of them becomes a pseudonym; expected that or less',
        '8:24 `hash_after` is 61 d, and events are removed at 60 d (`retention.events`), before anything of them becomes a pseudonym; expected that or less',
      ],
    ],
    ...['30 3 * *', '30 25 * * *', '0 30 3 * * *', '0 0 30 2 *', 'every night'].map(
      (times): [string, string, string[]] => [
        `a schedule of the times ${times}`,
        `${META}${FLOWS}backup: { schedule: "${times}" }`,
        [
          `3:21 \`schedule\`: expected the five fields of a cron expression in UTC, such as "30 3 * * *" for every night at 3:30, found "${times}"`,
        ],
      ],
    ),
    ...['s3://backups/screentrail', 's3:/backups', 'S3:backups', 'https://example.com/backups'].map(
      (place): [string, string, string[]] => [
        `backups in ${place}`,
        `${META}${FLOWS}backup: { folder: "${place}" }`,
        [
          `3:19 \`folder\`: expected a folder (\`screentrail backup s3://BUCKET/PREFIX\`, such as from cron, sends backups to a bucket), found "${place}"`,
        ],
      ],
    ),
    ...['s3:/cold', 's3:///cold', 'ftp://host/cold'].map((place): [string, string, string[]] => [
      `an archive in ${place}`,
      `${META}${FLOWS}retention: { archive: "${place}" }`,
      [`3:23 \`archive\`: expected a folder, or s3://BUCKET/PREFIX, found "${place}"`],
    ]),
    ['a swapped letter in a key', `${META}${FLOWS}sesison: {}`, ['3:1 unknown key `sesison`; did you mean `session`?']],
    [
      'a key that resembles none',
      `${META}${FLOWS}store: { path: x }`,
      ['3:10 unknown key `path` in `store`; expected one of uri'],
    ],
    [
      'a key written twice',
      `${META}${FLOWS}store: {}\nstore: {}\n`,
      ['4:1 `store` is written twice in the same mapping; keep one of them'],
    ],
    [
      'a flow name',
      `${META}flows: { A: { start: A, screens: { A: {} } } }`,
      ['2:10 `A` cannot be used as a name: expected lower-case letters, digits, - or _'],
    ],
    [
      'a screen id that Meta would refuse',
      `${META}flows: { a: { start: A, screens: { A: { next: B2 }, B2: {} } } }`,
      ['2:53 `B2` cannot be used as a name: expected letters and underscores only, as Meta requires of a screen id'],
    ],
    [
      'the right kind of several, wrong inside',
      inScreen('{ next: [{ wen: x, to: A }] }'),
      ['6:21 unknown key `wen` in `next[0]`; did you mean `when`?'],
    ],
    [
      'none of several kinds',
      inScreen('{ next: 3 }'),
      [
        '6:18 `next`: expected a screen, or a list of { when, to }, { when, stay }, { when, complete } or { when, close }, found 3',
      ],
    ],
    [
      'none of several kinds, in a list',
      inScreen('{ fields: { f: { type: choice, in: [a, true] } } }'),
      ['6:49 `in[1]` must be text or a number, found true'],
    ],
    ['an empty list', inScreen('{ fields: { f: { type: choice, in: [] } } }'), ['6:45 `in` must not be empty']],
    [
      'an expression',
      inScreen('{ data: { x: { expr: "a +" } } }'),
      [expect.stringMatching(/^6:31 "a \+" is not a JSONata expression/)],
    ],
    ['a screen that is not there', inScreen('{ next: B }'), ['6:18 screen "B" is not defined; the screens are A']],
    [
      'no app secret',
      `meta: { keys: [${KEY}] }\n${FLOWS}`,
      [expect.stringMatching(/^1:1 `app_secrets` is empty, .+ or write `signature: off` to skip the check$/)],
    ],
    [
      'a key that is not there',
      `meta:\n  app_secrets: [s]\n  keys:\n    - file: keys/none.pem\n${FLOWS}`,
      ['4:13 cannot read keys/none.pem: there is no such file; `screentrail keygen` makes one'],
    ],
    [
      'a key that is a folder',
      `meta:\n  app_secrets: [s]\n  keys:\n    - file: keys\n${FLOWS}`,
      ['4:13 cannot read keys: it is a folder; name the file itself'],
    ],
    [
      'a key of the pseudonyms that is a folder',
      `${META}${FLOWS}privacy: { key: keys }`,
      ['3:17 cannot read the key of the pseudonyms, keys: it is a folder; name the file itself'],
    ],
    [
      'a key in the place of a file name',
      `meta:\n  app_secrets: [s]\n  keys:\n    - file: "-----BEGIN PRIVATE KEY----- MIIE"\n${FLOWS}`,
      ['4:13 `file` holds a key, not the name of a file; call it `pem`'],
    ],
    [
      'a key of the pseudonyms in the place of a file name',
      `${META}${FLOWS}privacy: { key: vS1pQd8n0F4k2mJ7uX9zB3tY6wR5eL1a }\n`,
      [expect.stringMatching(/^3:17 `key` holds a key, not the name of a file; `screentrail init` makes one/)],
    ],
    [
      'a key that is neither in a file nor here',
      `meta: { app_secrets: [s], keys: [{ passphrase: x }] }\n${FLOWS}`,
      ['1:34 `keys[0]`: expected one of `file` and `pem`, found a mapping'],
    ],
    [
      'two app secrets in one',
      `meta: { app_secrets: ["a\\nb"], keys: [${KEY}] }\n${FLOWS}`,
      ['1:23 `app_secrets[0]`: expected one line, without characters that cannot be seen, found a text'],
    ],
    [
      'a token that no header takes',
      `${META}${FLOWS}api: { tokens: ["sixteen-lettérs-1"] }\n`,
      ['3:17 `tokens[0]`: expected letters, digits and signs of ASCII, as a header takes no others, found a text'],
    ],
    [
      'a wrong passphrase',
      `meta:\n  app_secrets: [s]\n  keys:\n    - { file: keys/flow-private.pem, passphrase: wrong }\n${FLOWS}`,
      [
        '4:7 cannot use keys/flow-private.pem: the private key could not be opened: the passphrase is wrong or the PEM is damaged',
      ],
    ],
    [
      'a public key where the private one belongs',
      `meta:\n  app_secrets: [s]\n  keys:\n    - { file: keys/flow-public.pem }\n${FLOWS}`,
      [expect.stringMatching(/^4:7 cannot use keys\/flow-public\.pem: expected a private key in PEM form/)],
    ],
    [
      'a pseudonym key that is not there',
      `${META}${FLOWS}privacy: { key: none.key }`,
      [
        expect.stringMatching(
          /^3:17 cannot read the key of the pseudonyms, none\.key: there is no such file; `screentrail init`/,
        ),
      ],
    ],
    ...['a'.repeat(16), 'passwordpassword', '0123456789abcdef', 'changeme'.repeat(8)].map(
      (token): [string, string, unknown[]] => [
        `a token that can be guessed: ${token}`,
        `${META}${FLOWS}api: { tokens: [a-token-for-the-tests, ${token}] }\nserver: { metrics_token: ${token} }`,
        [
          expect.stringMatching(
            /^3:40 this token repeats itself, counts up or is made of words; `openssl rand -base64 32`/,
          ),
          expect.stringMatching(/^4:26 this token/),
        ],
      ],
    ),
    ...['redis://host', 'mongodb://', 'sqlite:'].map((uri): [string, string, unknown[]] => [
      `another store: ${uri}`,
      `${META}${FLOWS}store: { uri: "${uri}" }`,
      [
        '3:15 `uri` does not name a store; expected sqlite:PATH, such as sqlite:data/screentrail.db, or mongodb://HOST/DATABASE',
      ],
    ]),
    ...[
      ['store: { uri: "sqlite:data/x.db" }\njournal: { file: ./data/../data/x.db }', '3:15'],
      ['store: { uri: "sqlite:data/journal.db" }', '3:15'],
      ['journal: { file: data/screentrail.db }', '3:18'],
      ['store: { uri: "sqlite:linked/x.db" }\njournal: { file: data/x.db }', '3:15'],
    ].map(([text, place]): [string, string, unknown[]] => [
      `one file for store and journal: ${text?.replace('\n', ', ')}`,
      `${META}${FLOWS}${text}`,
      [
        `${place} \`store.uri\` and \`journal.file\` name the same file; give each its own, such as sqlite:data/screentrail.db and data/journal.db`,
      ],
    ]),
  ])('%s', async (_, text, mistakes) => {
    expect(await mistakesOf(text)).toEqual(mistakes)
  })

  test.each([
    ['a tab', 'meta:\n\tkeys: []\n', /^2:1 expected spaces as indentation, found a tab$/],
    ['a missing quote', "meta: 'x\n", /^\d:\d+ a closing quote, a closing bracket or a colon/],
    ['a missing bracket', 'meta: {\nflows: {}\n', /^\d:\d+ the indentation or a closing bracket is wrong/],
    ['an unquoted colon', 'meta: a: b\n', /^1:7 a key must begin its own line, .+ needs quotes around it$/],
    [
      'an unquoted reference inside braces',
      'meta: { keys: ${X} }\n',
      /^1:\d+ this does not belong here; .+ needs quotes/,
    ],
    ['a reserved character', 'meta: @x\n', /^1:7 a text that begins with @ or ` needs quotes around it$/],
    ['an unknown escape', 'meta: "\\d"\n', /^1:8 in double quotes a backslash begins an escape/],
    ['a second document', 'meta: 1\n---\nmeta: 2\n', /^2:1 expected one document/],
    ['a tag', 'meta: !x 1\n', /^1:7 tags \(!\) are not understood here/],
    ['an alias of nothing', 'meta: *x\n', /^1:7 this alias \(\*\) has no anchor/],
    [
      'an alias of what it stands in',
      'meta: &a { keys: *a }\n',
      /^1:18 an alias \(\*\) cannot stand inside what it names$/,
    ],
  ])('that is no YAML: %s', async (_, text, sentence) => {
    const [mistake, ...others] = await mistakesOf(text)
    expect(mistake).toMatch(sentence)
    expect(others).toEqual([])
  })

  test('that is no YAML: aliases that unfold to millions of values', async () => {
    const level = (name: string, inner: string) => `${name}: &${name} [${Array(10).fill(inner).join(', ')}]\n`
    const bomb = 'bcdefgh'.split('').reduce((text, name, i) => text + level(name, `*${'abcdefg'[i]}`), 'a: &a x\n')
    expect(await mistakesOf(bomb)).toEqual(['1:1 the aliases (*) repeat too much to be read'])
  })

  test('whole, however many there are: of the flows that have the right shape as well as of the rest', async () => {
    const text = `server: { port: x }\n${META}flows:\n  a: { start: B, screens: { A: {} } }\n  b: { strat: A }\n`
    expect(await mistakesOf(text)).toEqual([
      '1:17 `port` must be a number, found "x"',
      '4:15 screen "B" is not defined; the screens are A',
      '5:3 `start` is missing in `b`; expected text',
      '5:3 `screens` is missing in `b`; expected a mapping',
      '5:8 unknown key `strat` in `b`; did you mean `start`?',
    ])
  })
})

test('no secret is repeated in a message, wherever it was written', async () => {
  const SECRET = 'correct-horse-battery'
  const flow = (text: string) => `${META}flows: { a: { start: A, screens: { A: {} }, ${text} } }\n`
  const files = [
    `meta: { app_secrets: ${SECRET}, keys: ${SECRET} }\n${FLOWS}`,
    `meta: { app_secrets: [s], keys: [{ file: keys/flow-private.pem, passphrase: ${SECRET} }] }\n${FLOWS}`,
    `${META}${FLOWS}store: { uri: "postgres://u:${SECRET}@h" }\n`,
    flow(`apis: { s: { url: "ftp://u:${SECRET}@h" } }`),
    flow('tokens: { accept: "${IN_ENV} +" }'),
    flow('tokens: { accept: "a = \'${IN_ENV}\' b" }'),
    flow('start: "${IN_ENV}"').replace('start: A, ', ''),
    `${META}${FLOWS}server: { timezone: "\${IN_ENV}", port: "\${IN_ENV}" }\n`,
    `${META}${FLOWS}server: { timezone: "\${file:secret.txt}" }\n`,
    `meta: { app_secrets: [*${SECRET}] }\n`,
    `meta: { app_secrets: ["${SECRET}] }\n`,
    `meta: { app_secrets: [@${SECRET}] }\n`,
    `meta: { keys: [a]: ${SECRET} }\n`,
  ]
  await writeFile(fileOf('secret.txt'), SECRET)
  for (const text of files) {
    const mistakes = await mistakesOf(text, { IN_ENV: SECRET })
    expect(mistakes).not.toEqual([])
    for (const word of SECRET.split('-')) expect(mistakes.join('\n')).not.toContain(word)
  }
})

test('a config in another folder has its own surroundings', async () => {
  await mkdir(fileOf('sub'))
  await writeFile(fileOf('sub/secret'), 'below')
  const text = `meta:\n  app_secrets: ["\${file:secret}"]\n  keys: [{ file: ../keys/flow-private.pem, passphrase: "\${file:../keys/flow-private.passphrase}" }]\nprivacy: { key: ../keys/pseudonym.key }\n${FLOWS}`
  await writeFile(fileOf('sub/config.yaml'), text)
  const { config } = loaded(await loadConfig(fileOf('sub/config.yaml'), {}))
  expect(config.meta.app_secrets).toEqual(['below'])
  expect(config.journal.file).toBe(fileOf('sub/data/journal.db'))
})
