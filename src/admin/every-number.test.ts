import { clickEveryNumber } from '../../test/every-number.ts'
import { pageEvents } from '../../test/numbers-page.ts'

clickEveryNumber('the twenty sessions of the docs', pageEvents)
