import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { mapOf } from '../../../src/admin/part-examples/walks.ts'
import { layoutMap } from './layout.ts'
import { type MapLayout, type MapLink, type MapNode, type MapScreen, SIZE, type Stub } from './model.ts'
import { endingsOf } from './texts.ts'

type Input = { readonly screens: readonly MapScreen[]; readonly links: readonly MapLink[] }

const ids = Array.from({ length: 60 }, (_, index) => `S${index}`)

/** What people did, so that all counts agree. Few screens make loops and cycles, many make long ways. */
const walked: fc.Arbitrary<Input> = fc.integer({ min: 2, max: 60 }).chain((count) =>
  fc
    .record({
      walks: fc.array(
        fc.record({
          screens: fc.array(fc.constantFrom(...ids.slice(0, count)), { minLength: 1, maxLength: 12 }),
          ending: fc.constantFrom('completed', 'open', 'lost'),
          people: fc.integer({ min: 1, max: 5_000 }),
        }),
        { minLength: 1, maxLength: 25 },
      ),
      funnel: fc.subarray(ids.slice(0, count)),
    })
    .map(({ walks, funnel }) => mapOf(walks, funnel)),
)

/** Counts that do not agree, as when a report has left something out. */
const unbalanced: fc.Arbitrary<Input> = fc.integer({ min: 2, max: 20 }).chain((count) => {
  const counts = { visits: fc.nat(9), entries: fc.nat(9), loops: fc.nat(2), completed: fc.nat(9) }
  const screen = (id: string) =>
    fc.record(
      { id: fc.constant(id), title: fc.string(), layer: fc.nat(4), ...counts, open: fc.nat(9), lost: fc.nat(9) },
      { requiredKeys: ['id', 'title', 'visits', 'entries', 'loops', 'completed', 'open', 'lost'] },
    )
  const link = fc.record({
    from: fc.constantFrom(...ids.slice(0, count)),
    to: fc.constantFrom(...ids.slice(0, count)),
    count: fc.nat(20),
  })
  return fc.record({
    screens: fc.tuple(...ids.slice(0, count).map(screen)),
    links: fc.uniqueArray(link, { selector: ({ from, to }) => `${from} ${to}`, maxLength: 60 }),
  })
})

const maps = fc.oneof(walked, unbalanced)

const holds = (input: fc.Arbitrary<Input>, check: (layout: MapLayout, input: Input) => void) =>
  fc.assert(fc.property(input, (each) => check(layoutMap(each), each)))

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** Less than anybody can see. */
const NOTHING = 1e-6

/** Where spans begin before the one above has ended. */
const overlaps = (spans: readonly Stub[]) => {
  const ordered = spans.filter(({ height }) => height > 0).toSorted((a, b) => a.y - b.y)
  return ordered.filter(({ y }, index) => {
    const above = ordered[index - 1]
    return above !== undefined && above.y + above.height > y + NOTHING
  })
}

/** The bar with its texts. */
const spanOf = ({ screen, y, height }: MapNode): Stub => ({
  y: y - SIZE.label,
  height: SIZE.label + height + endingsOf(screen).length * SIZE.ending,
})

/** What ribbons take of a vertical line. */
const ribbonsAt = ({ ribbons }: MapLayout, x: number): Stub[] =>
  ribbons.flatMap(({ points }) =>
    points.filter((point) => point.x === x).map(({ top, bottom }) => ({ y: top, height: bottom - top })),
  )

const heightOf = ({ points }: MapLayout['ribbons'][number]) => (points[0]?.bottom ?? 0) - (points[0]?.top ?? 0)

test('screens, their texts, and the ribbons that pass between them do not overlap', () => {
  holds(maps, (layout) => {
    for (const [x, nodes] of Map.groupBy(layout.nodes, (node) => node.x)) {
      const passing = layout.ribbons.flatMap(({ points }) =>
        points
          .slice(1, -1)
          .flatMap((point) => (point.x === x ? [{ y: point.top, height: point.bottom - point.top }] : [])),
      )
      expect(overlaps([...nodes.map(spanOf), ...passing])).toEqual([])
    }
    const xs = [...new Set(layout.nodes.map(({ x }) => x))].sort((a, b) => a - b)
    for (const [index, x] of xs.slice(1).entries())
      expect(x - (xs[index] ?? 0)).toBeGreaterThan(SIZE.bar + SIZE.corridor)
  })
})

test('on both sides of a bar everything has a place of its own', () => {
  holds(maps, (layout) => {
    for (const { x, y, height, entries, completed, open, lost, screen } of layout.nodes) {
      const isIts = ({ y: at }: Stub) => at >= y - NOTHING && at <= y + height + NOTHING
      const left = [
        ...ribbonsAt({ ...layout, ribbons: layout.ribbons.filter(({ to }) => to === screen.id) }, x),
        entries,
      ]
      const right = [
        ...ribbonsAt({ ...layout, ribbons: layout.ribbons.filter(({ from }) => from === screen.id) }, x + SIZE.bar),
        ...[completed, open, lost],
      ]
      for (const side of [left, right]) {
        expect(side.every(isIts)).toBe(true)
        expect(overlaps(side)).toEqual([])
        expect(sum(side.map((each) => each.height))).toBeLessThanOrEqual(height + NOTHING)
      }
    }
  })
})

test('every link that somebody took is drawn once, a ribbon only forward, and a screen that leads to itself has loops', () => {
  holds(maps, (layout, { screens, links }) => {
    const key = ({ from, to, count }: MapLink) => `${from} ${to} ${count}`
    const drawn = [...layout.ribbons, ...layout.backLinks].map(key).sort()
    expect(drawn).toEqual(
      links
        .filter(({ from, to, count }) => from !== to && count > 0)
        .map(key)
        .sort(),
    )
    const column = new Map(layout.nodes.map((node) => [node.screen.id, node.column]))
    const leads = ({ from, to }: MapLink) => (column.get(to) ?? 0) - (column.get(from) ?? 0)
    expect(layout.ribbons.every((link) => leads(link) > 0)).toBe(true)
    expect(layout.backLinks.every((link) => leads(link) <= 0)).toBe(true)
    const toItself = links.filter(({ from, to }) => from === to).map(({ count }) => count)
    expect(sum(layout.nodes.map(({ loops }) => loops))).toBe(sum(screens.map(({ loops }) => loops)) + sum(toItself))
  })
})

test('what comes to a screen goes out of it or ends there, in pixels as in numbers', () => {
  holds(walked, (layout) => {
    const [largest] = layout.nodes.toSorted((a, b) => b.screen.visits - a.screen.visits)
    const scale = (largest as MapNode).height / (largest as MapNode).screen.visits
    for (const { screen, entries, completed, open, lost, loops } of layout.nodes) {
      const { id, visits } = screen
      const ribbons = (end: 'from' | 'to') => sum(layout.ribbons.filter((each) => each[end] === id).map(heightOf))
      const back = (end: 'from' | 'to') =>
        scale * sum(layout.backLinks.filter((each) => each[end] === id).map(({ count }) => count))
      expect(ribbons('to') + back('to') + entries.height + scale * loops).toBeCloseTo(scale * visits, 4)
      const ended = completed.height + open.height + lost.height
      expect(ribbons('from') + back('from') + ended + scale * loops).toBeCloseTo(scale * visits, 4)
    }
  })
})

test('the funnel goes from left to right', () => {
  holds(maps, ({ nodes }) => {
    const steps = nodes.filter(({ screen }) => screen.layer !== undefined)
    for (const a of steps)
      for (const b of steps)
        expect(Math.sign(a.column - b.column)).toBe(Math.sign((a.screen.layer as number) - (b.screen.layer as number)))
  })
})

test('everything has a finite place on the map', () => {
  holds(maps, ({ width, height, nodes, ribbons, backLinks }) => {
    const xs = [...nodes.map(({ x }) => x), ...ribbons.flatMap(({ points }) => points.map(({ x }) => x))]
    const ys = [
      ...nodes.flatMap((node) => [spanOf(node).y, node.y + node.height]),
      ...ribbons.flatMap(({ points }) => points.flatMap(({ top, bottom }) => [top, bottom])),
    ]
    for (const { points, label } of backLinks)
      for (const [x, y] of [...points, [label.x, label.y] as const]) {
        xs.push(x)
        ys.push(y)
      }
    expect(xs.filter((x) => !(x >= 0 && x <= width))).toEqual([])
    expect(ys.filter((y) => !(y >= -NOTHING && y <= height + NOTHING))).toEqual([])
  })
})

test('the same counts give the same map, in whatever order they come', () => {
  const shuffled = maps.chain((input) =>
    fc.record({
      input: fc.constant(input),
      screens: fc.shuffledSubarray([...input.screens], { minLength: input.screens.length }),
      links: fc.shuffledSubarray([...input.links], { minLength: input.links.length }),
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ input, screens, links }) => {
      expect(layoutMap({ screens, links })).toEqual(layoutMap(input))
    }),
  )
})

test('a map without screens, and one without visits, are maps', () => {
  expect(layoutMap({ screens: [], links: [] }).nodes).toEqual([])
  const { nodes } = layoutMap(mapOf([], ['START', 'END']))
  expect(nodes.map(({ height }) => height)).toEqual([SIZE.leastBar, SIZE.leastBar])
})

test('a screen outside the funnel stands between those that lead to it and those that it leads to', () => {
  const { nodes } = layoutMap(
    mapOf(
      [
        { screens: ['A', 'B', 'C'], ending: 'completed', people: 90 },
        { screens: ['A', 'HELP', 'B'], ending: 'lost', people: 5 },
        { screens: ['DEEP', 'C'], ending: 'completed', people: 2 },
      ],
      ['A', 'B', 'C'],
    ),
  )
  const columns = Object.fromEntries(nodes.map(({ screen, column }) => [screen.id, column]))
  expect(columns).toEqual({ A: 0, HELP: 1, B: 2, DEEP: 2, C: 3 })
})
