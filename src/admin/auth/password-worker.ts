// The thread that hashes passwords. In Bun's own thread pool, a hash would delay the decryption of flow requests.

import { serveCalls } from '../../lib/worker.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'

const calls = { hash: hashPassword, verify: verifyPassword }

export type PasswordCalls = typeof calls

serveCalls(calls)
