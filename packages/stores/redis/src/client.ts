/**
 * The part of an ioredis client that Larder uses. Declared here so that ioredis 5 and 6, single servers, Sentinel and
 * Cluster all fit.
 */
export interface RedisClient {
  /** Commands are sent in `ready` only; `end` is final. */
  readonly status: string
  /** Those of a client of a single server name its database: `{ db: 1 }`. */
  readonly options?: object | undefined
  callBuffer(command: string, ...args: CommandArguments[]): Promise<unknown>
  pipeline(): RedisPipeline
  duplicate(...args: never[]): RedisClient & Subscriber
  connect(): Promise<void>
  disconnect(reconnect?: boolean): void
  on(event: string, listener: (...args: unknown[]) => void): unknown
  off(event: string, listener: (...args: unknown[]) => void): unknown
}

export type CommandArgument = string | number | Buffer

/** One argument, or a list of arguments, which the client flattens. */
export type CommandArguments = CommandArgument | readonly CommandArgument[]

/** Commands that are sent together, in one round trip. */
export interface RedisPipeline {
  callBuffer(command: string, ...args: CommandArguments[]): unknown
  exec(): Promise<[error: Error | null, result: unknown][] | null>
}

/** The additional methods of a client that subscribes to channels. */
export interface Subscriber {
  subscribe(...channels: string[]): Promise<unknown>
  unsubscribe(...channels: string[]): Promise<unknown>
}

/** The additional members of an ioredis Cluster client. */
export interface ClusterClient extends RedisClient {
  readonly isCluster: boolean
  /** Per slot, the addresses of its nodes, the primary first. */
  readonly slots: readonly (readonly string[] | undefined)[]
  nodes(role: 'all' | 'master'): readonly RedisClient[]
}

/** The number of the database; a Cluster has only the first one. */
export function databaseOf({ options }: RedisClient): number {
  return Number((options as { readonly db?: unknown } | undefined)?.db ?? 0)
}

export function isCluster(client: RedisClient): client is ClusterClient {
  return (client as Partial<ClusterClient>).isCluster === true
}
