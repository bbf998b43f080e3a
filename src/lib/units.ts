// Durations as people write them in the config (`15s`, `24h`, `60d`), and durations and sizes as they are shown.

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

const MS = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const
const BYTES = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const

export const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/** `1.5h` → 5400000 (ms); undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = DURATION.exec(text) ?? []
  return amount === undefined ? undefined : Number(amount) * MS[unit as keyof typeof MS]
}

/** 5400000 → `1.5 h`; 0.42 → `0.4 ms`. For people. */
export function showDuration(ms: number): string {
  if (ms < 1_000) return `${round(ms)} ms`
  if (ms < MS.m) return `${round(ms / MS.s)} s`
  if (ms < MS.h) return `${round(ms / MS.m)} min`
  if (ms < MS.d * 2) return `${round(ms / MS.h)} h`
  return `${round(ms / MS.d)} d`
}

/** 1572864 → `1.5 MB`. For people. */
export function showSize(bytes: number): string {
  if (bytes < BYTES.KB) return `${bytes} B`
  if (bytes < BYTES.MB) return `${round(bytes / BYTES.KB)} KB`
  if (bytes < BYTES.GB) return `${round(bytes / BYTES.MB)} MB`
  return `${round(bytes / BYTES.GB)} GB`
}

const round = (value: number): string => String(value < 10 ? Math.round(value * 10) / 10 : Math.round(value))
