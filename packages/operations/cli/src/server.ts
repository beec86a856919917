import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { Failure } from './errors'
import { type Info, parseInfo } from './info'

/** A Redis server, or a whole Cluster, that is connected. */
export interface Server {
  readonly client: Redis | Cluster
  /** `host:port`, without credentials. */
  readonly address: string
  readonly isCluster: boolean
  /** Runs a command where its key is. */
  call(command: string, ...args: (string | number)[]): Promise<unknown>
  /** The primaries: one, or those of the Cluster. */
  nodes(): readonly Redis[]
  close(): void
}

/** Nothing is queued: what cannot be sent fails at once and is reported. */
const clientOptions = {
  lazyConnect: true,
  connectTimeout: 5_000,
  commandTimeout: 10_000,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  retryStrategy: (attempt) => Math.min(1_000, 50 * 2 ** Math.min(attempt, 6)),
} satisfies RedisOptions

/** Connects; to the whole Cluster if the server is part of one. @throws Failure if it cannot be reached. */
export async function connect(url: string): Promise<Server> {
  const single = await reach(new Redis(url, clientOptions), addressOf(url))
  const info = await infoOf(single).catch((): Info => new Map())
  if (info.get('redis_mode') === 'sentinel') {
    single.disconnect()
    throw new Failure('This is a Sentinel. Give the URL of the primary that it watches.')
  }
  if (info.get('cluster_enabled') !== '1') return serverOf(single, addressOf(url), () => [single])
  single.disconnect()
  const cluster = await reach(clusterOf(single), addressOf(url))
  return serverOf(cluster, addressOf(url), () => cluster.nodes('master'))
}

/** @throws Failure if the server does not answer, or does not answer us. */
async function reach<C extends Redis | Cluster>(client: C, address: string): Promise<C> {
  let reason: unknown
  client.on('error', (error) => {
    reason = error
  })
  try {
    await client.connect()
    return client
  } catch (error) {
    client.disconnect()
    const cause = reason ?? error
    throw new Failure(`Redis at ${address} cannot be used: ${reasonOf(cause)}`, { cause })
  }
}

function reasonOf(error: unknown): string {
  const { message = '', code = '', errors } = error as { message?: string; code?: string; errors?: Error[] }
  if (/^(WRONGPASS|NOAUTH|ERR (invalid password|AUTH))/.test(message))
    return `it refuses the login (${message}). Write the user and the password into the URL.`
  return message || errors?.map((each) => each.message).join(', ') || code || 'no reason given'
}

function clusterOf({ options }: Redis): Cluster {
  const { host = '127.0.0.1', port = 6379, username, password, tls } = options
  const login = { ...(username && { username }), ...(password && { password }), ...(tls && { tls }) }
  return new Cluster([{ host, port }], {
    lazyConnect: true,
    enableOfflineQueue: false,
    slotsRefreshTimeout: 5_000,
    clusterRetryStrategy: (attempt) => Math.min(1_000, 50 * 2 ** Math.min(attempt, 6)),
    redisOptions: { ...login, connectTimeout: 5_000, commandTimeout: 10_000, maxRetriesPerRequest: 0 },
  })
}

function serverOf(client: Redis | Cluster, address: string, nodes: () => readonly Redis[]): Server {
  return {
    client,
    address,
    nodes,
    isCluster: client instanceof Cluster,
    call: (command, ...args) => client.call(command, ...args),
    close: () => client.disconnect(),
  }
}

/** What INFO says of one node. */
export async function infoOf(node: Redis): Promise<Info> {
  return parseInfo(String(await node.call('INFO')))
}

export function addressOf(url: string): string {
  const { hostname, port } = new URL(url)
  return `${hostname}:${port || 6379}`
}
