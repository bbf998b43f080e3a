/** Prints the lines on standard error; the command ends with exit code 1. */
export function fail(...lines: readonly string[]): void {
  process.stderr.write(lines.map((line) => `${line}\n`).join(''))
  process.exitCode = 1
}
