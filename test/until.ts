/**
 * Resolves when the condition holds; rejects with `what` when it does not for this long, milliseconds. It is asked ever more seldom, so
 * that the asking does not take the processor from what is waited for.
 */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  patienceMs = 25_000,
): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (let pauseMs = 5; !(await condition()); pauseMs = Math.min(100, pauseMs * 1.3)) {
    if (Date.now() > deadline) throw new Error(`gave up waiting until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
