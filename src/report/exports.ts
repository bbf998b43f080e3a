import { newestExports } from '../store/export-records.ts'
import type { ReportContext } from './context.ts'
import { reported } from './result.ts'

/** Newest first. */
export const exportReport = async ({ store, now }: Pick<ReportContext, 'store' | 'now'>, _: object) =>
  reported({ exports: await newestExports(store, now) })
