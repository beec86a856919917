import { parseInfo } from '@larder/redis/kit'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { CommandError } from './errors'
import type { Info } from './info'

/** A connected Redis server, or a whole Cluster. */
export interface Server {
  readonly client: Redis | Cluster
  /** `host:port`, without credentials. */
  readonly address: string
  readonly isCluster: boolean
  /** Runs a command on the node that owns its key. */
  call(command: string, ...args: (string | number)[]): Promise<unknown>
  /** The primaries: the single server, or those of the Cluster. */
  nodes(): readonly Redis[]
  close(): void
}

const retryDelay = (attempt: number) => Math.min(1_000, 50 * 2 ** Math.min(attempt, 6))

/** Without queues and retries: a command that cannot be sent now fails at once, and the failure is reported. */
const clientOptions = {
  lazyConnect: true,
  connectTimeout: 5_000,
  commandTimeout: 10_000,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  retryStrategy: retryDelay,
} satisfies RedisOptions

/** Connects to the server, or to the whole Cluster it belongs to. @throws CommandError if it cannot be reached. */
export async function connectServer(url: string): Promise<Server> {
  const address = addressOf(url)
  const single = await connectClient(new Redis(url, clientOptions), url)
  const info = await readInfo(single).catch((): Info => new Map())
  if (info.get('redis_mode') === 'sentinel') {
    single.disconnect()
    throw new CommandError('The URL is one of a Sentinel. Give the URL of the primary that it monitors.')
  }
  if (info.get('cluster_enabled') !== '1') return createServer(single, address, () => [single])
  single.disconnect()
  const cluster = await connectClient(createCluster(single), url)
  return createServer(cluster, address, () => cluster.nodes('master'))
}

/** @throws CommandError if the server does not answer, refuses the login, or does not have the database. */
async function connectClient<C extends Redis | Cluster>(client: C, url: string): Promise<C> {
  let connectionError: unknown
  client.on('error', (error) => {
    connectionError = error
  })
  try {
    await client.connect()
    // ioredis goes on with database 0 instead.
    if (isWrongDatabase(connectionError)) throw connectionError
    return client
  } catch (error) {
    client.disconnect()
    const cause = connectionError ?? error
    throw new CommandError(
      `Cannot use Redis at ${addressOf(url)}: ${describeError(cause)}${hintFor(cause, url)}`,
      { cause },
    )
  }
}

const isWrongDatabase = (error: unknown): error is Error =>
  error instanceof Error && error.message.startsWith('ERR DB index')

/** A server that expects TLS and one that does not answer each other's clients with errors that name neither. */
function hintFor(error: unknown, url: string): string {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (isWrongDatabase(error)) return '. Correct the number of the database at the end of the URL.'
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return '. Set NODE_EXTRA_CA_CERTS to the file of the certificate authority.'
  if (message === 'Command timed out')
    return '. It accepts connections and does not answer: it is stopped, or busy with a long command or script.'
  if (!/ETIMEDOUT|ECONNRESET|EPROTO|Protocol error|Connection is closed/.test(`${code} ${message}`)) return ''
  return url.startsWith('rediss:')
    ? '. The URL asks for TLS: if the server has none, begin it with redis://.'
    : '. If the server expects TLS, begin the URL with rediss://.'
}

function describeError(error: unknown): string {
  const { message = '', code = '', errors } = error as { message?: string; code?: string; errors?: Error[] }
  if (/^(WRONGPASS|NOAUTH|ERR (invalid password|AUTH))/.test(message))
    return `it refuses the login (${message}). Put the user and the password into the URL.`
  return message || errors?.map((each) => each.message).join(', ') || code || 'no reason given'
}

/** A client of the Cluster that the given node belongs to, with the same login. */
function createCluster({ options }: Redis): Cluster {
  const { host = '127.0.0.1', port = 6379, username, password, tls } = options
  const login = { ...(username && { username }), ...(password && { password }), ...(tls && { tls }) }
  return new Cluster([{ host, port }], {
    lazyConnect: true,
    enableOfflineQueue: false,
    // A Cluster that is down is never ready: its commands say so, and doctor looks at its nodes.
    enableReadyCheck: false,
    slotsRefreshTimeout: 5_000,
    clusterRetryStrategy: retryDelay,
    redisOptions: { ...login, connectTimeout: 5_000, commandTimeout: 10_000, maxRetriesPerRequest: 0 },
  })
}

function createServer(client: Redis | Cluster, address: string, nodes: () => readonly Redis[]): Server {
  return {
    client,
    address,
    nodes,
    isCluster: client instanceof Cluster,
    call: (command, ...args) => client.call(command, ...args),
    close: () => client.disconnect(),
  }
}

/** The INFO of one node. */
export async function readInfo(node: Redis): Promise<Info> {
  return parseInfo(await node.call('INFO'))
}

function addressOf(url: string): string {
  const { hostname, port } = new URL(url)
  return `${hostname}:${port || 6379}`
}
