/** Polls `condition` until it holds. @throws after `timeout` ms, with the description. */
export async function pollUntil(
  description: string,
  condition: () => boolean | Promise<boolean>,
  timeout: number,
): Promise<void> {
  const end = performance.now() + timeout
  while (!(await condition())) {
    if (performance.now() > end)
      throw new Error(`Timed out after ${timeout} ms, waiting until ${description}.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
