import type { Json, JsonObject } from '../../src/lib/json.ts'
import { between, pick, type Random } from '../../src/simulate/random.ts'

const many = (count: number, item: (index: number) => Json): Json[] =>
  Array.from({ length: count }, (_, index) => item(index))

/** Nearly as large as Meta lets through, and bad for one thing or another. */
export function largeInput(random: Random): JsonObject {
  return pick<() => JsonObject>(random, [
    () => ({ service: 'routine', list: many(110_000, () => between(random, 0, 99_999)) }),
    () => ({ service: 'routine', list: many(28_000, (n) => ({ id: n, text: String(n) })) }),
    () => ({ service: 'routine', list: many(90_000, (n) => `s${n}`) }),
    () => ({ service: 'routine', text: `${'a'.repeat(800_000)}!` }),
    () => Object.fromEntries(many(70_000, (n) => n).map((n) => [`field${n}`, 1])),
    () => Object.fromEntries(many(900, (n) => n).map((n) => [`${n}${'n'.repeat(900)}`, 'x'])),
    () => ({ service: many(150_000, (n) => n) }),
    () => ({ service: 'routine', list: nested(60) }),
    () => ({ service: 'routine', list: many(2_000, (n) => nested(n % 40)) }),
    () => ({ service: 'routine', list: many(300, (n) => n), text: oddText(random) }),
  ])()
}

function nested(depth: number): Json {
  let value: Json = 1
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

/** A short text of the kinds that break things. */
export const oddText = (random: Random): string =>
  pick<() => string>(random, [
    () => String.fromCharCode(...Array.from({ length: between(random, 1, 40) }, () => between(random, 0, 0xffff))),
    () => `\u0000${'\ud83d'.repeat(between(random, 1, 9))}`,
    () => `=cmd|'/c calc'!A${between(random, 0, 9)}`,
    () => pick(random, ['__proto__', 'constructor', 'toString', '$where', 'a.b', '', ' ', 'SUCCESS', 'error']),
    () => `made_up_${between(random, 0, 1e9)}`,
    () => `<script>alert(${between(random, 0, 99)})</script>`,
    () => 'x'.repeat(between(random, 1_000, 4_000)),
    () => `+351 9${between(random, 10_000_000, 99_999_999)}`,
  ])()
