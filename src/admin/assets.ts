import { join } from 'node:path'
import { staticPlugin } from '@elysiajs/static'
import { SECURITY_HEADERS } from '../http/headers.ts'

/** Serves `public/` under `/assets`. Browsers revalidate each file, so an upgrade takes effect at once. */
export const assets = () =>
  staticPlugin({
    // A compiled binary embeds the folder beside its only module.
    assets: join(import.meta.dir, Bun.isStandaloneExecutable ? 'public' : '../../public'),
    prefix: '/assets',
    alwaysStatic: true,
    ignorePatterns: [/README\.md$/],
    directive: 'no-cache',
    maxAge: 0,
    headers: { ...SECURITY_HEADERS },
  })
