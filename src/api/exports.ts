import { z } from 'zod'
import { countShape, instant, list } from '../lib/shapes.ts'
import { resource } from './resource.ts'

const exportShape = z.strictObject({
  at: instant,
  endedAt: instant.exactOptional(),
  who: z.string(),
  what: z.enum(['sessions', 'events']),
  format: z.enum(['csv', 'excel', 'ndjson', 'parquet']),
  filters: z.string(),
  /** `under_way` for good where its process was killed. */
  state: z.enum(['under_way', 'whole', 'broken_off']),
  rows: countShape,
  bytes: countShape,
  /** Of exactly these bytes. */
  sha256: z.string().exactOptional(),
})

export const exportsResource = resource({
  path: '/exports',
  summary: 'The newest ten exports: who took what, how many rows and bytes, and their SHA-256. The audit log has all.',
  parameters: {},
  answer: z.strictObject({ exports: list(exportShape) }),
  report: 'exports',
})
