import { type Driver, driversOf, type Factor, sentenceOf } from '../insight/drivers.ts'
import { mergeAsked } from '../insight/merge-asked.ts'
import type { LabelledTally } from '../store/store.ts'
import type { Reader } from './reader.ts'
import { readTallies } from './slices.ts'
import { byWeekdayAndHour, wholeOf } from './spans.ts'
import type { WholeQuestion } from './whole.ts'

export type NamedDriver = Driver & { readonly sentence: string }

export async function driverReport(reader: Reader, question: WholeQuestion): Promise<readonly NamedDriver[]> {
  const { flow, version, period } = question
  // Everything, as days; and the ways alone by the hour, of which there are many.
  const whole = await readTallies(reader, { flow, version, spans: wholeOf(period) }, 'all')
  const tallies = await readTallies(reader, { flow, version, spans: byWeekdayAndHour(period) }, 'ways')
  const weekdayAndHour = ({ label }: LabelledTally) => JSON.parse(label) as [weekday: number, hour: number]
  const drivers = driversOf({
    choices: reader.flows.get(flow)?.choices ?? {},
    all: mergeAsked(whole.map(({ asked }) => asked)),
    slices: [
      ...slicesBy(
        tallies,
        (tally) => weekdayAndHour(tally)[0],
        (weekday) => ({ kind: 'weekday', weekday }),
      ),
      ...slicesBy(
        tallies,
        (tally) => weekdayAndHour(tally)[1],
        (hour) => ({ kind: 'hour', hour }),
      ),
      ...slicesBy(
        tallies,
        (tally) => tally.version,
        (version) => ({ kind: 'version', version }),
      ),
    ],
  })
  return drivers.map((driver) => ({ ...driver, sentence: sentenceOf(driver) }))
}

const slicesBy = <T>(tallies: readonly LabelledTally[], of: (tally: LabelledTally) => T, factor: (of: T) => Factor) =>
  [...Map.groupBy(tallies, of)].map(([value, some]) => ({
    factor: factor(value),
    ways: some.flatMap(({ asked }) => asked.ways),
  }))
