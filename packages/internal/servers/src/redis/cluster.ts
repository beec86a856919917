import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { until } from '../until'
import { asArguments } from './directives'
import { type RedisServer, startRedis } from './server'
import { startAll } from './start-all'

const run = promisify(execFile)

/** A real Redis Cluster. */
export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[]
  /** The primary that owns this slot, or the slot of this key, now. @throws if no node that answers knows it. */
  primaryOf(slotOrKey: number | string): Promise<RedisServer>
  close(): Promise<void>
}

/** The size of a Cluster. */
export interface ClusterOptions {
  /** Nodes that own slots, at least 3. @defaultValue `3` */
  readonly primaries?: number | undefined
  /** Replicas of each of them; 0 for none. @defaultValue `1` */
  readonly replicas?: number | undefined
}

const directives = {
  'cluster-enabled': 'yes',
  'cluster-node-timeout': 1000,
  // A replica whose primary froze before it died is promoted all the same.
  'cluster-replica-validity-factor': 0,
  'repl-diskless-sync-delay': 0,
}

/** Starts a Cluster; resolves when every node serves all slots and every replica follows its primary. */
export async function startCluster({
  primaries = 3,
  replicas = 1,
}: ClusterOptions = {}): Promise<RedisCluster> {
  const size = primaries * (1 + replicas)
  const nodes = await startAll(size, () => startRedis({ args: asArguments(directives) }))
  const close = async () => void (await Promise.all(nodes.map((node) => node.close())))
  try {
    const addresses = nodes.map(({ host, port }) => `${host}:${port}`)
    const create = ['create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes']
    await run('redis-cli', ['--cluster', ...create])
    await Promise.all(nodes.map((node) => isReady(node, size, replicas)))
  } catch (error) {
    await close()
    throw error
  }
  return {
    nodes,
    primaryOf: (slotOrKey) => findPrimary(nodes, slotOrKey),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function isReady(node: RedisServer, size: number, replicas: number): Promise<void> {
  return until(`the node on port ${node.port} serves the cluster`, async () => {
    const cluster = await node.command('CLUSTER', 'INFO')
    const replication = await node.command('INFO', 'replication')
    const isLinked = replication.includes('role:slave')
      ? replication.includes('master_link_status:up')
      : replication.includes(`connected_slaves:${replicas}\r`)
    return (
      isLinked && cluster.includes('cluster_state:ok') && cluster.includes(`cluster_known_nodes:${size}\r`)
    )
  })
}

/** Asks one node after the other, because some may be dead or frozen. */
async function findPrimary(nodes: readonly RedisServer[], slotOrKey: number | string): Promise<RedisServer> {
  for (const node of nodes) {
    const port = await ownerKnownTo(node, slotOrKey).catch(() => undefined)
    const owner = nodes.find((candidate) => candidate.port === port)
    if (owner !== undefined) return owner
  }
  throw new Error(`No node knows who owns the slot of ${JSON.stringify(slotOrKey)}.`)
}

async function ownerKnownTo(node: RedisServer, slotOrKey: number | string): Promise<number | undefined> {
  const slot =
    typeof slotOrKey === 'number' ? slotOrKey : Number(await node.command('CLUSTER', 'KEYSLOT', slotOrKey))
  return ownerIn(await node.command('CLUSTER', 'NODES'), slot)
}

/** The port of the living primary whose slots hold this one, from the text of CLUSTER NODES. */
function ownerIn(table: string, slot: number): number | undefined {
  for (const line of table.split('\n')) {
    const [, address = '', flags = '', , , , , , ...ranges] = line.trim().split(' ')
    if (!flags.includes('master') || flags.includes('fail')) continue
    if (ranges.some((range) => holds(range, slot))) return Number(/:(\d+)@/.exec(address)?.[1])
  }
  return undefined
}

/** Whether a range of slots such as `0-5460`, or `7` alone, holds this one. */
function holds(range: string, slot: number): boolean {
  const [from = Number.NaN, to = from] = range.split('-').map(Number)
  return slot >= from && slot <= to
}
