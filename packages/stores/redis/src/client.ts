/**
 * The part of an ioredis client that is used, written down so that versions 5 and 6, single servers, Sentinel and
 * Cluster all fit.
 */
export interface RedisClient {
  /** `ready` is the only one in which commands are sent; `end` is for good. */
  readonly status: string
  callBuffer(command: string, ...args: CommandArguments[]): Promise<unknown>
  pipeline(): RedisPipeline
  duplicate(...args: never[]): RedisClient & Subscriber
  connect(): Promise<void>
  disconnect(reconnect?: boolean): void
  on(event: string, listener: (...args: unknown[]) => void): unknown
  off(event: string, listener: (...args: unknown[]) => void): unknown
}

export type CommandArgument = string | number | Buffer

/** One argument, or several in a row: the client puts them together. */
export type CommandArguments = CommandArgument | readonly CommandArgument[]

/** Commands on their way together. */
export interface RedisPipeline {
  callBuffer(command: string, ...args: CommandArguments[]): unknown
  exec(): Promise<[error: Error | null, result: unknown][] | null>
}

/** What a subscriber can besides. */
export interface Subscriber {
  subscribe(...channels: string[]): Promise<unknown>
  unsubscribe(...channels: string[]): Promise<unknown>
}

/** What a client of a Cluster has besides. */
export interface ClusterClient extends RedisClient {
  readonly isCluster: boolean
  /** Per slot, the addresses of its nodes, the primary first. */
  readonly slots: readonly (readonly string[] | undefined)[]
  nodes(role: 'master'): readonly RedisClient[]
}

export function isCluster(client: RedisClient): client is ClusterClient {
  return (client as Partial<ClusterClient>).isCluster === true
}
