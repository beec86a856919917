import { LarderError, type OptionTable, objectKind, textKind } from '@larder/core'
import type { RedisClient } from './client'
import { creatorOf, isNodeRedisClient, type NodeRedisClient } from './node-redis-client'
import { settingsOf } from './node-redis-settings'
import { isRedisUrl, redisUrlForm } from './redis-url'

/** How to reach Redis: either a client or a URL. */
export interface ClientOptions {
  /**
   * An ioredis client: `new Redis(…)`, also with Sentinels, or `new Cluster(…)`. The application keeps owning it: Larder
   * does not disconnect it. Or `createClient(…)`, `createCluster(…)` or `createSentinel(…)` of node-redis, connected or not:
   * Larder opens connections of its own with the client's settings, and closes them.
   * @defaultValue required, unless there is a `url`
   */
  readonly client?: RedisClient | NodeRedisClient | undefined
  /**
   * `redis://user:password@host:6379/0`, or `rediss://` for TLS. Larder creates the client and disconnects it.
   * @defaultValue required, unless there is a `client`
   */
  readonly url?: string | undefined
}

export const clientOptionTable: OptionTable<ClientOptions> = {
  client: objectKind('new Redis(…) of ioredis'),
  url: textKind,
}

const requiredMethods = ['callBuffer', 'pipeline', 'duplicate', 'disconnect'] as const

/** Options of ioredis that would change commands or replies on the way, with the reason or the replacement. */
const unsupportedOptions: Readonly<Record<string, string>> = {
  keyPrefix: "ioredis does not apply it to SCAN; use Larder's own prefix instead.",
  stringNumbers: 'ioredis would convert the numbers in script replies to strings.',
  enableAutoPipelining: 'ioredis would send scripts without their command.',
}

/** Whether an object is a client, which is often given in place of options. */
export function isClient(given: object): boolean {
  return isNodeRedisClient(given) || requiredMethods.some((method) => method in given)
}

/**
 * Requires either a client that fits or the URL of a server. `caller` begins the message.
 * @throws LarderError `BAD_OPTION` that says what to write instead.
 */
export function checkClient(caller: string, { client, url }: ClientOptions): void {
  if ((client === undefined) === (url === undefined))
    throw badOption(caller, ` needs a client or a url: ${caller}({ url: 'redis://127.0.0.1:6379' }).`)
  if (url !== undefined) requireFittingUrl(caller, url)
  if (client === undefined) return
  if (isNodeRedisClient(client)) requireFittingNodeRedis(caller, client)
  else requireFittingClient(caller, client)
}

/** ioredis takes query parameters of a URL as options of the client, so they are checked like a client's options. */
function requireFittingUrl(caller: string, url: string): void {
  // The text is not shown: a password may be anywhere in it.
  if (!isRedisUrl(url))
    throw badOption(caller, `: url is not the URL of a Redis server. Write ${redisUrlForm}.`)
  const names = new URLSearchParams(url.slice(url.indexOf('?') + 1)).keys()
  const unsupported = url.includes('?')
    ? [...names].find((name) => Object.hasOwn(unsupportedOptions, name))
    : undefined
  if (unsupported !== undefined)
    throw badOption(
      caller,
      `: the url must not set ${unsupported}: ${unsupportedOptions[unsupported]} Remove it from the url.`,
    )
}

/** Rejects a client that would fail later, or misread replies without failing. */
function requireFittingClient(caller: string, client: RedisClient): void {
  if (!requiredMethods.every((method) => typeof client[method] === 'function'))
    throw badOption(
      caller,
      ': client must be an ioredis client such as { client: new Redis(…) }, or createClient(…) of node-redis; or pass { url }.',
    )
  const { options } = client as { options?: { redisOptions?: object } }
  const clientOptions: Record<string, unknown> = { ...options?.redisOptions, ...options }
  for (const [name, reason] of Object.entries(unsupportedOptions)) {
    if (clientOptions[name])
      throw badOption(
        caller,
        `: the client must not set ${name}: ${reason} Pass client.duplicate() without it.`,
      )
  }
}

function requireFittingNodeRedis(caller: string, client: NodeRedisClient): void {
  const creator = creatorOf(client)
  if (creator === 'createClientPool')
    throw badOption(
      caller,
      ': of node-redis, a client of createClientPool does not fit. Pass createClient(…).',
    )
  if (creator === 'createClient') return
  const settings = settingsOf(client)
  if (creator === 'createSentinel' && settings.sentinelRootNodes === undefined)
    throw badOption(
      caller,
      ': node-redis 5 does not show the settings of createSentinel. Pass new Redis({ sentinels, name }) of ioredis, or update to redis 6.',
    )
  const { defaults, nodeClientOptions, sentinelClientOptions, rootNodes = [] } = settings
  const all = [defaults, nodeClientOptions, sentinelClientOptions, ...rootNodes]
  if (all.some((options) => options?.credentialsProvider !== undefined))
    throw badOption(
      caller,
      `: a client of ${creator} must not set credentialsProvider: ioredis, which Larder connects with, has none. Write username and password.`,
    )
}

function badOption(caller: string, message: string): LarderError {
  return new LarderError('BAD_OPTION', `${caller}${message}`)
}
