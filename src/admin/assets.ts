import { join } from 'node:path'
import { staticPlugin } from '@elysiajs/static'
import { SECURITY_HEADERS } from '../http/headers.ts'

/** `public/` under `/assets`. Browsers ask each time whether a file changed, so that an upgrade is seen at once. */
export const assets = () =>
  staticPlugin({
    // A compiled binary carries the folder beside its one module.
    assets: join(import.meta.dir, Bun.isStandaloneExecutable ? 'public' : '../../public'),
    prefix: '/assets',
    alwaysStatic: true,
    ignorePatterns: [/README\.md$/],
    directive: 'no-cache',
    maxAge: 0,
    headers: { ...SECURITY_HEADERS },
  })
