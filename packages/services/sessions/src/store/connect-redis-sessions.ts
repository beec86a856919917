import type { GuardedConnection, ServiceNames } from '@larder/redis/kit'

/** Sessions of another library, by the ids of their cookies. */
export interface ForeignSessions {
  /** Undefined if there is none, or something else has its name. */
  read(id: string): Promise<Record<string, unknown> | undefined>
  delete(id: string): Promise<void>
  /** Refuses all sessions of a user from now on: there is no list of them. */
  refuseAll(user: string): Promise<void>
  isRefused(user: string): Promise<boolean>
}

interface ConnectRedisOptions {
  readonly redis: GuardedConnection
  /** The beginning of its keys. */
  readonly prefix: string
  /** The names of the sessions that take its over. */
  readonly names: ServiceNames
}

/** How long the sessions of a user are refused, in ms: longer than any of them lives, or is taken over. */
const refusalLife = 365 * 86_400_000

/** The sessions of connect-redis: JSON texts, whose keys contain the ids. */
export function createConnectRedisSessions({ redis, prefix, names }: ConnectRedisOptions): ForeignSessions {
  const refusalOf = (user: string) => names.keyOf(user, 'refused')

  return {
    async read(id) {
      const reply = await redis.sendCommand('get', `${prefix}${id}`)
      return reply === null ? undefined : parseData(String(reply))
    },
    async delete(id) {
      await redis.sendCommand('del', `${prefix}${id}`)
    },
    async refuseAll(user) {
      await redis.sendCommand('set', refusalOf(user), '1', 'PX', refusalLife)
    },
    async isRefused(user) {
      return (await redis.sendCommand('get', refusalOf(user))) !== null
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
