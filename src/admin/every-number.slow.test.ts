import { clickEveryNumber } from '../../test/every-number.ts'
import { walkersEvents } from '../../test/walkers.ts'

clickEveryNumber('two thousand people who wander about', () => walkersEvents(2_000))
