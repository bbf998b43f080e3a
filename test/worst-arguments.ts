// For each built-in of JSONata a call with the worst arguments that fit into what a client, or an outside API, can send: 1 MB.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Json } from '../src/lib/json.ts'

/** The names of all built-ins, as the library itself defines them. */
export function builtInsOfJsonata(): string[] {
  const source = readFileSync(fileURLToPath(import.meta.resolve('jsonata')), 'utf8')
  return [...source.matchAll(/(?:staticFrame|environment)\.bind\('(\w+)',/g)].map(([, name = '']) => name).toSorted()
}

export type WorstCall = {
  readonly expression: string
  /** What `input` is, so that the whole is some 1 MB. */
  readonly input: Json
}

const MB = 1_000_000
const numbers = Array.from({ length: 128_000 }, (_, index) => (index * 7_919) % 1_000_003)
const objects = Array.from({ length: 28_000 }, (_, index) => ({ id: index, a: 'xxxxxxxxxx' }))
const names = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`n${index}`, 1]))
const lists = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`k${index}`, [1]]))
const texts = numbers.map((number) => `s${number}`)
const text = 'ab '.repeat(MB / 3)
const digits = '1'.repeat(MB)
const nested = Array.from({ length: 8_000 }, () => JSON.parse(`${'['.repeat(60)}1${']'.repeat(60)}`) as Json)

const call = (expression: string, input: Json): WorstCall => ({ expression, input })

export const WORST_CALLS: { readonly [builtIn: string]: readonly WorstCall[] } = {
  abs: [call('$map(input, $abs)', numbers)],
  append: [
    call('$reduce(input, $append)', numbers),
    call('$map(input, function($v) { $append([1..50000], [1..50000]) })', numbers),
  ],
  assert: [call('$assert(false, input)', text)],
  average: [call('$average(input)', numbers)],
  base64decode: [call('$base64decode(input)', text)],
  base64encode: [call('$base64encode(input)', text)],
  boolean: [call('$boolean(input)', nested)],
  ceil: [call('$map(input, $ceil)', numbers)],
  clone: [call('$clone(input)', names), call('$clone(input.($$))', objects)],
  contains: [call('$contains(input, /(a+b?){1,500}c/)', text), call('$contains(input, "b a c")', text)],
  count: [call('$count(input)', numbers)],
  decodeUrl: [call('$decodeUrl(input)', '%41'.repeat(MB / 3))],
  decodeUrlComponent: [call('$decodeUrlComponent(input)', '%41'.repeat(MB / 3))],
  distinct: [call('$distinct(input)', objects), call('$distinct(input)', numbers), call('$distinct(input)', nested)],
  each: [call('$each(input, function($v, $k) { $k })', names)],
  encodeUrl: [call('$encodeUrl(input)', 'é'.repeat(MB / 2))],
  encodeUrlComponent: [call('$encodeUrlComponent(input)', 'é'.repeat(MB / 2))],
  error: [call('$error(input)', text)],
  eval: [
    call('$eval(input)', JSON.stringify(numbers)),
    call('$eval(input)', '($f := function($n) { $f($n + 1) }; $f(0))'),
    call('$eval(input)', '($s := "x"; [1..40].($s := $s & $s); $reduce([1..40], function($a) { $a & $a }, "x"))'),
    call('$eval(input)', `${'('.repeat(MB / 2)}1`),
  ],
  exists: [call('$exists(input)', numbers)],
  filter: [call('$filter(input, function($v) { $v.id > 3 })', objects)],
  floor: [call('$map(input, $floor)', numbers)],
  formatBase: [call('$formatBase(input, 2)', 1e308)],
  formatInteger: [
    call('$formatInteger(12345, input)', `${'#,'.repeat(MB / 2)}0`),
    call('$formatInteger(input, "I")', 1e15),
  ],
  formatNumber: [
    call('$formatNumber(12345.678, input)', `${'#,'.repeat(MB / 2)}0.00`),
    call('$formatNumber(1e308, input)', `0.${'0'.repeat(MB)}`),
  ],
  fromMillis: [call('$fromMillis(1, input)', '[Y]'.repeat(MB / 3)), call('$fromMillis(1, "[Y]", input)', `+${digits}`)],
  join: [
    call('$join(input, ",")', texts),
    call('$join(input.list, input.text)', { list: texts, text: text.slice(0, 9_000) }),
  ],
  keys: [call('$keys(input)', names), call('$keys(input)', objects)],
  length: [call('$length(input)', text)],
  lookup: [call('$lookup(input, "id")', objects)],
  lowercase: [call('$lowercase(input)', 'İ'.repeat(MB / 2))],
  map: [
    call('$map(input, function($v) { $v + 1 })', numbers),
    call('$map(input, function($v) { [1..100000] })', numbers),
    call('$map(input, function($v) { $$ })', objects),
  ],
  match: [call('$match(input, /a.*c|a/)', text), call('$match(input, /[a-z]/)', text)],
  max: [call('$max(input)', numbers)],
  merge: [call('$merge(input)', objects)],
  millis: [call('$millis()', 1)],
  min: [call('$min(input)', numbers)],
  not: [call('$not(input)', nested)],
  now: [call('$now(input)', '[Y]'.repeat(MB / 3))],
  number: [call('$number(input)', digits), call('$number(input)', `0x${'f'.repeat(MB)}`)],
  pad: [call('$pad("x", input, "ab")', 2_000_000_000), call('$pad("x", 3000, input)', text)],
  parseInteger: [
    call('$parseInteger(input, "#,##0")', digits),
    call('$parseInteger(input, "w")', 'one thousand '.repeat(MB / 13)),
  ],
  power: [call('$power(input, 300)', 9)],
  random: [call('$random()', 1)],
  reduce: [
    call('$reduce(input, function($a, $b) { $a + $b })', numbers),
    call('$reduce(input, function($a, $b) { $a & $a }, "x") > "y"', numbers),
  ],
  replace: [
    call('$replace(input, "a", input)', text),
    call('$replace(input, /a.*c|a/, "b")', text),
    call('$replace(input, /(a)(b)/, "$2$1")', text),
  ],
  reverse: [call('$reverse(input)', numbers)],
  round: [call('$map(input, $round)', numbers), call('$round(1.5, input)', 1e308)],
  shuffle: [call('$shuffle(input)', numbers)],
  sift: [call('$sift(input, function($v, $k) { $v = 1 })', names)],
  single: [call('$single(input, function($v) { $v.id = 27999 })', objects)],
  sort: [
    call('$sort(input)', numbers),
    call('$sort(input, function($a, $b) { $a.id < $b.id })', objects),
    call('input^(>id)', objects),
  ],
  split: [call('$split(input, "")', text), call('$split(input, /b.*c|b/)', text)],
  spread: [call('$spread(input)', objects), call('$spread(input)', names)],
  sqrt: [call('$map(input, $sqrt)', numbers)],
  string: [call('$string(input)', nested), call('$string(input.list.(input))', { list: numbers.slice(0, 9_000) })],
  substring: [call('$substring(input, 1, 900000)', text)],
  substringAfter: [call('$substringAfter(input, "c")', text)],
  substringBefore: [call('$substringBefore(input, "c")', text)],
  sum: [call('$sum(input)', numbers)],
  toMillis: [
    call('$toMillis(input)', digits),
    call('$toMillis(input, "[Y][M][D][H][m][s]x")', digits),
    call('$toMillis(input, "[Y]1[M]1[D]1[H]1[m]1[s]1[f]x")', '1'.repeat(60)),
    call('$toMillis(input, "[Dw], [Mw], [Yw]x")', 'one thousand '.repeat(MB / 13)),
  ],
  trim: [call('$trim(input)', ' \n'.repeat(MB / 2))],
  type: [call('$type(input)', nested)],
  uppercase: [call('$uppercase(input)', 'ß'.repeat(MB / 2))],
  zip: [call('$zip(input, input)', numbers)],
}

/** What is no function: operators and paths. */
export const WORST_OPERATIONS: readonly WorstCall[] = [
  call('input.*', lists),
  call('input.**', nested),
  call('input{$string($): $}', numbers),
  call('input{"k": $}', numbers),
  call('input[id > 3].a', objects),
  call('input = [1..100000]', numbers),
  call('input.($$) & ""', objects),
  call('input@$a.input@$b[$a = $b]', numbers),
  call('input.a.%.id', objects),
  call('[1..input]', 10_000_000),
  call('[1..input].([1..100000])', 100_000),
  call('input ~> |$|{"x": id}|', objects),
  call('($f := function($n, $s) { $n > 0 ? $f($n - 1, $s & $s) : $s }; $f(input, "x") > "y")', 40),
  call('($f := function($n) { $f($n + 1) }; $f(input))', 0),
]
