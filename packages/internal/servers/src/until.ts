import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again and again until `condition` holds. @throws after `limit` ms, saying what never came. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limit = 20_000,
): Promise<void> {
  const end = Date.now() + limit
  while (!(await holds(condition))) {
    if (Date.now() > end) throw new Error(`Waited ${limit} ms in vain until ${what}.`)
    await sleep(20)
  }
}

/** A condition that cannot be looked at does not hold yet. */
async function holds(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await condition()
  } catch {
    return false
  }
}
