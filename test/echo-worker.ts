// What a thread can do to a call: answer, answer late, throw, and die.

import { serveCalls } from '../src/lib/worker.ts'

const calls = {
  add: (a: number, b: number): number => a + b,
  async later(value: string): Promise<string> {
    await Promise.resolve()
    return value
  },
  refuse(): void {
    throw new RangeError('out of range')
  },
  refuseOddly(): void {
    throw null
  },
  unsendable: (): unknown => () => {},
  never: (): Promise<void> => new Promise(() => {}),
  crash(): void {
    setTimeout(() => {
      throw new Error('crashed')
    })
  },
  exit(): void {
    process.exit(3)
  },
}

export type EchoCalls = typeof calls

serveCalls(calls)
