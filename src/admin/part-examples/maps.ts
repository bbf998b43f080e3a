import type { ScreenMapView } from '../../../views/charts/screen-map/view.ts'
import { ARABIC, createDice, HEBREW, LONG } from './names.ts'
import { mapOf, type Walk } from './walks.ts'

const BOOKING = ['SERVICE', 'DATE', 'CONTACT', 'ADDRESS', 'PAYMENT', 'CONFIRM', 'DONE']

const TITLES = {
  SERVICE: 'Choose a service',
  DATE: 'Pick a date and time',
  CONTACT: 'Your details',
  ADDRESS: 'Where is the car?',
  PAYMENT: 'How to pay',
  CONFIRM: 'Check and confirm',
  DONE: 'All booked',
  HELP: 'Help',
  PRICES: 'What it costs',
  TERMS: 'Terms',
}

const lostAt = (steps: number, people: number): Walk => ({
  screens: BOOKING.slice(0, steps),
  ending: 'lost',
  people,
})

const through = (screens: string, ending: Walk['ending'], people: number): Walk => ({
  screens: screens.split(' '),
  ending,
  people,
})

/** Seven steps with helps, prices and terms beside them; people go back, and some go round and round. */
const booking = mapOf(
  [
    { screens: BOOKING, ending: 'completed', people: 612 },
    ...[143, 226, 61, 38, 97, 12].map((people, index) => lostAt(index + 1, people)),
    through('SERVICE DATE', 'open', 9),
    through('SERVICE DATE CONTACT', 'open', 3),
    through('SERVICE PRICES DATE CONTACT ADDRESS PAYMENT CONFIRM DONE', 'completed', 84),
    through('SERVICE PRICES', 'lost', 71),
    through('SERVICE PRICES SERVICE DATE', 'lost', 22),
    through('SERVICE DATE DATE DATE CONTACT ADDRESS PAYMENT CONFIRM DONE', 'completed', 40),
    through('SERVICE DATE HELP DATE CONTACT', 'lost', 19),
    through('SERVICE DATE HELP', 'lost', 17),
    through('SERVICE DATE CONTACT ADDRESS PAYMENT HELP PAYMENT CONFIRM DONE', 'completed', 26),
    through('SERVICE DATE CONTACT ADDRESS PAYMENT TERMS CONFIRM DONE', 'completed', 55),
    through('SERVICE DATE CONTACT ADDRESS PAYMENT TERMS', 'lost', 14),
    through('SERVICE DATE CONTACT SERVICE DATE CONTACT ADDRESS PAYMENT CONFIRM DONE', 'completed', 18),
    through('SERVICE DATE CONTACT ADDRESS PAYMENT CONFIRM SERVICE', 'lost', 7),
    through('PAYMENT CONFIRM DONE', 'completed', 31),
  ],
  BOOKING,
  TITLES,
)

/** Each step leads on, sometimes back or over one; beside each are screens that lead back to it or to the next one. */
function wandering(count: number, steps: number, people: number): ReturnType<typeof mapOf> {
  const dice = createDice(count * 7 + steps)
  const ids = Array.from({ length: count }, (_, index) => `SCREEN_${index + 1}`)
  const besides = Math.ceil((count - steps) / (steps - 1))
  const after = (at: number): number => {
    if (at >= steps) return Math.min(steps - 1, Math.floor((at - steps) / besides) + (dice() < 0.6 ? 0 : 1))
    const turn = dice()
    if (turn < 0.1) return Math.min(count - 1, steps + at * besides + Math.floor(dice() ** 2 * besides))
    if (turn < 0.14 && at % 3 === 1) return at - 1
    return Math.min(steps - 1, at + (turn > 0.97 ? 2 : 1))
  }
  const walks = Array.from({ length: people }, (): Walk => {
    const way = [0]
    while (way.length < 40 && way.at(-1) !== steps - 1 && dice() > 0.07) way.push(after(way.at(-1) ?? 0))
    const isCompleted = way.at(-1) === steps - 1
    const ending = isCompleted ? 'completed' : dice() < 0.04 ? 'open' : 'lost'
    return { screens: way.map((at) => ids[at] as string), ending, people: 1 }
  })
  return mapOf(walks, ids.slice(0, steps))
}

const linked = ({ screens, links }: ReturnType<typeof mapOf>) => ({
  screens: screens.map((screen) => ({
    ...screen,
    href: `#screen-${screen.id}`,
    hrefs: { lost: '#lost', open: '#open', completed: '#completed' },
  })),
  links: links.map((link) => ({ ...link, href: `#${link.from}-${link.to}` })),
})

const text = (id: string, title: string, note = 'Visits, not people. 1 to 28 November, Europe/Berlin.') => ({
  id,
  title,
  note,
  description: `${title}: the screens of a flow from left to right, with the visits between them and the losses at each.`,
})

export const MAPS: readonly ScreenMapView[] = [
  { ...text('map-seven', 'Seven steps, three screens beside them'), ...linked(booking) },
  { ...text('map-focus', 'The same, seen from the prices'), ...booking, focus: 'PRICES' },
  {
    ...text('map-now', 'The same, live', 'Who is where at 14:03. Visits of today.'),
    ...booking,
    screens: booking.screens.map((screen, index) => ({ ...screen, people: (index * 5) % 7 })),
  },
  {
    ...text('map-two', 'Two screens, few visits'),
    ...mapOf(
      [through('ASK THANKS', 'completed', 14), through('ASK', 'lost', 5), through('ASK', 'open', 1)],
      ['ASK', 'THANKS'],
    ),
  },
  {
    ...text('map-three', 'Three screens, one of them never visited'),
    ...mapOf([through('START FORM', 'lost', 31), through('START', 'lost', 402)], ['START', 'FORM', 'END']),
  },
  {
    ...text('map-names', 'Long names, names from right to left, large numbers'),
    ...mapOf(
      [
        through('LONG ARABIC HEBREW A_SCREEN_WITH_A_LONG_IDENTIFIER', 'completed', 3_204_118),
        through('LONG ARABIC HEBREW', 'lost', 1_020_311),
        through('LONG ARABIC ARABIC', 'lost', 2_911_004),
        through('LONG', 'lost', 1_000_000),
        through('LONG', 'open', 12_345),
        through('LONG ARABIC LONG', 'lost', 230_450),
      ],
      ['LONG', 'ARABIC', 'HEBREW', 'A_SCREEN_WITH_A_LONG_IDENTIFIER'],
      { LONG, ARABIC, HEBREW },
    ),
  },
  {
    ...text('map-loops', 'No funnel: a menu to which everything goes back'),
    ...mapOf(
      [
        through('MENU ORDERS MENU RETURNS MENU', 'lost', 120),
        through('MENU ORDERS ORDER ORDERS ORDER MENU', 'lost', 64),
        through('MENU RETURNS RETURN_FORM THANKS', 'completed', 77),
        through('MENU AGENT', 'completed', 41),
        through('MENU MENU MENU AGENT', 'completed', 9),
      ],
      [],
    ),
  },
  { ...text('map-forty', 'Forty screens, ten of them in the funnel'), ...wandering(40, 10, 4_000) },
  {
    ...text('map-none', 'No visits at all'),
    ...mapOf([], ['START', 'END']),
  },
]
