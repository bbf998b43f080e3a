import { expect, test } from 'bun:test'
import { parseDuration, showDuration, showSize } from './units.ts'

test.each([
  ['0s', 0],
  ['800ms', 800],
  ['15s', 15_000],
  ['10m', 600_000],
  ['1.5h', 5_400_000],
  ['60d', 5_184_000_000],
  ['', undefined],
  ['15', undefined],
  ['s', undefined],
  ['15 s', undefined],
  ['-1s', undefined],
  ['1e3s', undefined],
  ['.5h', undefined],
  ['15S', undefined],
  ['15s ', undefined],
  ['1h30m', undefined],
  ['1w', undefined],
])('the duration %p is %p milliseconds', (text, ms) => expect(parseDuration(text)).toBe(ms))

test.each([
  [0, '0 ms'],
  [0.42, '0.4 ms'],
  [42.4, '42 ms'],
  [1_500, '1.5 s'],
  [45_000, '45 s'],
  [90_000, '1.5 min'],
  [5_400_000, '1.5 h'],
  [86_400_000, '24 h'],
  [5_184_000_000, '60 d'],
])('%p ms reads %p', (ms, text) => expect(showDuration(ms)).toBe(text))

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KB'],
  [1_572_864, '1.5 MB'],
  [53_687_091_200, '50 GB'],
])('%p bytes read %p', (bytes, text) => expect(showSize(bytes)).toBe(text))
