import { expect, test } from 'bun:test'
import { tmpdir } from 'node:os'
import { requireRoom } from './free-space.ts'

test('a disk without room is named before anything is written', () => {
  requireRoom(tmpdir(), 0)
  expect(() => requireRoom(tmpdir(), 2 ** 60)).toThrow(
    new RegExp(`^there is no room in ${tmpdir()}: it needs .+ to spare, and .+ are free; free some space, or choose`),
  )
})
