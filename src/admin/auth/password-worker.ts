// The thread that hashes passwords. In the pool of threads that Bun would use, a hash keeps the keys of people's requests waiting.

import { serveCalls } from '../../lib/worker.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'

const calls = { hash: hashPassword, verify: verifyPassword }

export type PasswordCalls = typeof calls

serveCalls(calls)
