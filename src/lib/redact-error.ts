/** An error without its message, which can quote what was sent. */
export type RedactedError = { readonly name: string; readonly code?: string; readonly at: readonly string[] }

export function redactError(error: unknown): RedactedError {
  const { name, code, message, stack } = (error ?? {}) as { readonly [detail: string]: unknown }
  const told = typeof stack === 'string' ? stack : ''
  const above = typeof message === 'string' && message !== '' ? told.indexOf(message) + message.length : 0
  const frames = told.slice(above).match(/^ {4}at .*$/gm) ?? []
  return {
    name: typeof name === 'string' ? name : typeof error,
    ...(typeof code === 'string' && { code }),
    at: frames.slice(0, MOST_FRAMES).map((frame) => frame.trim()),
  }
}

const MOST_FRAMES = 10
