// The thread that the database lives on, so that no query ever delays a reply. Told the file first, it then is the store.

import { serveCalls } from '../../lib/worker.ts'
import { openSynchronousStore } from './synchronous-store.ts'

serveCalls({ open: (file: string) => serveCalls(openSynchronousStore(file).calls) })
