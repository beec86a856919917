import type { Redis } from 'ioredis'

/** A configuration setting; undefined if the user may not read it, or the server has no CONFIG. */
export async function readSetting(node: Redis, name: string): Promise<string | undefined> {
  try {
    const [, value] = (await node.call('CONFIG', 'GET', name)) as string[]
    return value
  } catch {
    return undefined
  }
}
