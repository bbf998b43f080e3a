/** A finding of `screentrail doctor`. */
export type Check = {
  readonly name: string
  readonly verdict: 'ok' | 'warning' | 'problem'
  readonly found: string
  /** What to do about it. */
  readonly fix?: string
  /** For scripts, in `--json`. */
  readonly values?: { readonly [name: string]: number | string }
}

export const ok = (name: string, found: string): Check => ({ name, verdict: 'ok', found })
export const warning = (name: string, found: string, fix: string): Check => ({ name, verdict: 'warning', found, fix })
/** Of what keeps the server from starting: the fix stands in the sentence that the start refuses with. */
export const NO_START = 'until then the server does not start'

export const problem = (name: string, found: string, fix: string): Check => ({ name, verdict: 'problem', found, fix })
