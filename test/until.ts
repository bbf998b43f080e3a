/** Resolves when the condition holds; rejects with `what` when it does not for this long, milliseconds. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  patienceMs = 25_000,
): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`gave up waiting until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
