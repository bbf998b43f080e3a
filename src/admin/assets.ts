import { join } from 'node:path'
import { staticPlugin } from '@elysiajs/static'
import { SECURITY_HEADERS } from '../http/headers.ts'

/** `public/` under `/assets`. Browsers ask each time whether a file changed, so that an upgrade is seen at once. */
export const assets = () =>
  staticPlugin({
    assets: join(import.meta.dir, '../../public'),
    prefix: '/assets',
    alwaysStatic: true,
    ignorePatterns: [/README\.md$/],
    directive: 'no-cache',
    maxAge: 0,
    headers: { ...SECURITY_HEADERS },
  })
