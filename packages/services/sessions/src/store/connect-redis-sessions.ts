import type { GuardedConnection } from '@larder/redis/kit'

/** Sessions of another library, by the ids of their cookies. */
export interface ForeignSessions {
  /** Undefined if there is none, or something else has its name. */
  read(id: string): Promise<Record<string, unknown> | undefined>
  delete(id: string): Promise<void>
}

/** The sessions of connect-redis: JSON texts, whose keys contain the ids. */
export function createConnectRedisSessions(redis: GuardedConnection, prefix: string): ForeignSessions {
  return {
    async read(id) {
      const reply = await redis.sendCommand('get', `${prefix}${id}`)
      return reply === null ? undefined : parseData(String(reply))
    },
    async delete(id) {
      await redis.sendCommand('del', `${prefix}${id}`)
    },
  }
}

function parseData(text: string): Record<string, unknown> | undefined {
  try {
    const data: unknown = JSON.parse(text)
    return typeof data === 'object' && data !== null ? { ...data } : undefined
  } catch {
    return undefined
  }
}
