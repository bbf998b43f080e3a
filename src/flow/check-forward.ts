// Where another server answers, the config has nothing to say of what follows.

import type { KeyPath, ReportProblem } from './compile-field.ts'
import { type FlowConfig, isAnswering, type ScreenConfig } from './schema.ts'

/** `config`: as it is written, without what is inferred. */
export function checkForward(config: FlowConfig, report: ReportProblem): void {
  const { open, screens, tap } = config
  const isElsewhere = !isAnswering(config)
  const fix = isElsewhere && !tap ? 'remove it, or forward only the screens that need it' : 'remove it'
  const unused = (path: KeyPath) =>
    report(
      path,
      `\`${path.at(-1)}\` is never used, as the server at \`${tap ? 'tap' : 'forward'}\` says what follows; ${fix}`,
    )
  if (isElsewhere && open) unused(['open'])
  for (const [id, screen] of Object.entries(screens)) {
    const path = ['screens', id]
    if (tap && screen.forward) report([...path, 'forward'], 'a flow with `tap` forwards nothing; keep one of them')
    if (isElsewhere || screen.forward) for (const place of stepsIn(screen)) unused([...path, ...place])
    if (isElsewhere) for (const key of sendingIn(screen)) unused([...path, key])
  }
}

/** Where the screen says what a request does. */
const stepsIn = ({ on, ...screen }: ScreenConfig): KeyPath[] => [
  ...stepKeys(screen).map((key) => [key]),
  ...Object.entries(on).flatMap(([name, exchange]) => stepKeys(exchange).map((key) => ['on', name, key])),
]

const stepKeys = (steps: Pick<ScreenConfig, 'do' | 'set' | 'next'> & { readonly complete?: object | undefined }) => [
  ...(hasAny(steps.do) ? ['do'] : []),
  ...(hasAny(steps.set) ? ['set'] : []),
  ...(steps.next === undefined ? [] : ['next']),
  ...(steps.complete === undefined ? [] : ['complete']),
]

const sendingIn = ({ ask, data, pass }: ScreenConfig) => [
  ...(hasAny(ask) ? ['ask'] : []),
  ...(hasAny(data) ? ['data'] : []),
  ...(pass.length > 0 ? ['pass'] : []),
]

const hasAny = (part: object): boolean => Object.keys(part).length > 0
