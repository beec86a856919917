import { Cluster, type NatMap, Redis } from 'ioredis'
import type { RedisClient } from './client'
import { failFast } from './create-client'
import {
  addressIn,
  type ClusterSettings,
  type NodeAddressMap,
  type SentinelSettings,
  toLogin,
} from './node-redis-settings'
import { retryDelayOf } from './retry-delay'
import { endStuckHandshakes } from './stuck-clients'
import { unrefSockets } from './unref-sockets'

/** How long a node of a Cluster may take to answer which node owns which slots, in ms. */
const slotsRefreshTimeout = 500

/** Opens a client of ioredis for the Cluster that these settings of `createCluster` reach. */
export function openCluster({ rootNodes = [], defaults = {}, nodeAddressMap }: ClusterSettings): RedisClient {
  const { enableOfflineQueue, ...failFastPerNode } = failFast
  const nodes = rootNodes.map((node) => ({ ...addressIn(node), ...toLogin(node) }))
  const client = new Cluster(nodes, {
    enableOfflineQueue,
    clusterRetryStrategy: retryDelayOf,
    slotsRefreshTimeout,
    redisOptions: { ...failFastPerNode, ...toLogin(defaults) },
    natMap: toNatMap(nodeAddressMap),
  })
  return client as unknown as RedisClient
}

/** Opens a client of ioredis for the primary that these settings of `createSentinel` reach. */
export function openSentinel({
  name = '',
  sentinelRootNodes = [],
  nodeClientOptions = {},
  sentinelClientOptions = {},
  nodeAddressMap,
}: SentinelSettings): RedisClient {
  const { username, password, tls } = toLogin(sentinelClientOptions)
  const client = new Redis({
    ...failFast,
    ...toLogin(nodeClientOptions),
    name,
    sentinels: [...sentinelRootNodes],
    sentinelUsername: username,
    sentinelPassword: password,
    sentinelTLS: tls,
    enableTLSForSentinelMode: true,
    failoverDetector: true,
    sentinelRetryStrategy: retryDelayOf,
    retryStrategy: retryDelayOf,
    natMap: toNatMap(nodeAddressMap),
  })
  return endStuckHandshakes(unrefSockets(client as unknown as RedisClient))
}

function toNatMap(map: NodeAddressMap | undefined): NatMap | undefined {
  return typeof map === 'function' ? (address) => map(address) ?? null : map
}
