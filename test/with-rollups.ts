// A store with its rollups at hand, as tests want it; in the product only the query worker and `rebuild` have both.

import { createRollups, type Rollups } from '../src/rollup/rollups.ts'
import type { QueryStore } from '../src/store/store.ts'

export type StoreWithRollups = QueryStore & Rollups

export const withRollups = (store: QueryStore): StoreWithRollups => ({ ...store, ...createRollups(store.rollups) })
