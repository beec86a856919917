import { setTimeout as sleep } from 'node:timers/promises'

/** Polls `condition` until it holds. @throws after `limit` ms, with the description. */
export async function until(
  description: string,
  condition: () => boolean | Promise<boolean>,
  limit = 20_000,
): Promise<void> {
  const end = Date.now() + limit
  while (!(await holds(condition))) {
    if (Date.now() > end) throw new Error(`Timed out after ${limit} ms, waiting until ${description}.`)
    await sleep(20)
  }
}

/** Whether the condition holds; a condition that throws does not hold yet. */
async function holds(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await condition()
  } catch {
    return false
  }
}
