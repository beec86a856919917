/**
 * The part of a node-redis client that Larder uses, version 5 or 6: of `createClient(…)`, `createCluster(…)` or
 * `createSentinel(…)` of the package `redis`. Larder takes its settings and opens connections of its own with them.
 */
export interface NodeRedisClient {
  readonly options?: object | undefined
  sendCommand(...args: never[]): Promise<unknown>
  /** Version 5 does not duplicate clients for Sentinels. */
  duplicate?(...overrides: never[]): object
  destroy(): unknown
}

/** A single connection of node-redis that Larder opened. */
export interface NodeRedisConnection {
  connect(): Promise<unknown>
  /** Version 5 throws if the connection is closed already. */
  destroy(): void
  unref(): void
  on(event: 'error', listener: (error: unknown) => void): unknown
  sendCommand(args: readonly (string | Buffer)[]): Promise<unknown>
  subscribe(channels: readonly string[], onMessage: (message: string, channel: string) => void): Promise<void>
  unsubscribe(channels: readonly string[]): Promise<void>
}

/** Redis's sign for a string of bytes in a reply, by which node-redis names the class of the reply. */
const blobString = '$'.charCodeAt(0)

/** Whether the client is one of node-redis, of whatever kind. */
export function isNodeRedisClient(client: object): client is NodeRedisClient {
  return 'sendCommand' in client && 'destroy' in client && !('callBuffer' in client)
}

/** The function of node-redis that has created a client. */
export function creatorOf(
  client: NodeRedisClient,
): 'createClient' | 'createCluster' | 'createSentinel' | 'createClientPool' {
  if ('masters' in client) return 'createCluster'
  if ('use' in client) return 'createSentinel'
  return 'execute' in client ? 'createClientPool' : 'createClient'
}

/**
 * A new connection with the settings of the application's client, except for those that would change replies or keep
 * commands back: it fails fast, answers in bytes, and never reconnects by itself.
 */
export function createConnectionLike(client: NodeRedisClient): NodeRedisConnection {
  const { socket } = (client.options ?? {}) as { readonly socket?: object }
  const duplicate = client.duplicate as (overrides: object) => object
  const connection = duplicate.call(client, {
    RESP: 2,
    // Each call has a deadline already: version 6 would make an AbortSignal for each command.
    commandOptions: { typeMapping: { [blobString]: Buffer }, timeout: undefined },
    disableOfflineQueue: true,
    clientSideCache: undefined,
    emitInvalidate: undefined,
    maintNotifications: 'disabled',
    keyPrefix: undefined,
    pingInterval: undefined,
    socket: { ...socket, reconnectStrategy: false, connectTimeout: 500, socketTimeout: undefined },
  }) as NodeRedisConnection
  connection.unref()
  return connection
}
