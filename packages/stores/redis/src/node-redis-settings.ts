import type { ConnectionOptions } from 'node:tls'
import type { NodeRedisClient } from './node-redis-client'

/** The settings of node-redis for connections to one server. */
export interface NodeSettings {
  readonly url?: string
  readonly username?: string
  readonly password?: string
  readonly database?: number
  readonly name?: string
  readonly credentialsProvider?: object
  readonly socket?: Readonly<Record<string, unknown>>
}

/** The addresses to connect to, by those that the servers tell each other; undefined for one that is as they say. */
export type NodeAddressMap =
  | Readonly<Record<string, { host: string; port: number }>>
  | ((address: string) => { host: string; port: number } | undefined)

/** The settings of `createCluster` that say where and as which user it connects. */
export interface ClusterSettings {
  readonly rootNodes?: readonly NodeSettings[]
  readonly defaults?: NodeSettings
  readonly nodeAddressMap?: NodeAddressMap
}

/** The settings of `createSentinel` that say where and as which user it connects. */
export interface SentinelSettings {
  readonly name?: string
  readonly sentinelRootNodes?: readonly { readonly host: string; readonly port: number }[]
  readonly nodeClientOptions?: NodeSettings
  readonly sentinelClientOptions?: NodeSettings
  readonly nodeAddressMap?: NodeAddressMap
}

/**
 * The settings of a client of a Cluster or of Sentinels, which node-redis hands to the constructor of a duplicate, and to
 * nobody else: so this one notes them. Empty for a version whose clients cannot be duplicated.
 */
export function settingsOf(client: NodeRedisClient): ClusterSettings & SentinelSettings {
  let settings = {}
  function NotedSettings(given: object): void {
    settings = given
  }
  const noted = Object.create(client, { constructor: { value: NotedSettings } })
  client.duplicate?.call(Object.create(noted))
  return settings
}

/** The sockets' settings of node-redis that ioredis has elsewhere, or that are Larder's to decide. */
const ownSettings = new Set(['host', 'port', 'tls', 'reconnectStrategy', 'connectTimeout', 'socketTimeout'])

/** A server's address in the settings of a client of node-redis. */
export function addressIn({ url, socket = {} }: NodeSettings): { host: string; port: number } {
  const { hostname, port } = url === undefined ? { hostname: '', port: '' } : new URL(url)
  return {
    host: hostname.replace(/^\[|\]$/g, '') || String(socket.host ?? '127.0.0.1'),
    port: Number(port || socket.port || 6379),
  }
}

/** The login, the encryption and the database of a connection, as ioredis names them. */
interface Login {
  readonly username?: string
  readonly password?: string
  readonly connectionName?: string
  readonly db?: number
  readonly tls?: ConnectionOptions
}

/** Options that are not set are absent from the result, so that other settings can add them. */
export function toLogin({ url, username, password, name, database, socket = {} }: NodeSettings): Login {
  const inUrl = url === undefined ? undefined : new URL(url)
  const login = {
    username: username ?? decode(inUrl?.username),
    password: password ?? decode(inUrl?.password),
    connectionName: name,
    db: database,
    tls: socket.tls === true || inUrl?.protocol === 'rediss:' ? tlsOf(socket) : undefined,
  }
  return Object.fromEntries(Object.entries(login).filter(([, value]) => value !== undefined))
}

function decode(text: string | undefined): string | undefined {
  return text ? decodeURIComponent(text) : undefined
}

/** node-redis takes the options of TLS among those of the socket. */
function tlsOf(socket: Readonly<Record<string, unknown>>): ConnectionOptions {
  return Object.fromEntries(Object.entries(socket).filter(([name]) => !ownSettings.has(name)))
}
