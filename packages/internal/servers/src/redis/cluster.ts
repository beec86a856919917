import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { until } from '../until'
import { asArguments } from './directives'
import { type RedisServer, startRedis } from './server'
import { startAll } from './start-all'

const runProgram = promisify(execFile)

/** A real Redis Cluster. */
export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[]
  /** The primary that currently owns this slot, or the slot of this key. @throws if no reachable node knows it. */
  primaryOf(slotOrKey: number | string): Promise<RedisServer>
  close(): Promise<void>
}

/** The size of a Cluster. */
export interface ClusterOptions {
  /** Nodes that own slots, at least 3. @defaultValue `3` */
  readonly primaries?: number | undefined
  /** Replicas per primary; 0 for none. @defaultValue `1` */
  readonly replicas?: number | undefined
}

const directives = {
  'cluster-enabled': 'yes',
  'cluster-node-timeout': 1000,
  // Promote a replica even if its primary was frozen before it died.
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
    await runProgram('redis-cli', ['--cluster', ...create])
    await Promise.all(nodes.map((node) => waitUntilReady(node, size, replicas)))
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

function waitUntilReady(node: RedisServer, size: number, replicas: number): Promise<void> {
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

/** Queries one node after the other, because some may be dead or frozen. */
async function findPrimary(nodes: readonly RedisServer[], slotOrKey: number | string): Promise<RedisServer> {
  for (const node of nodes) {
    const port = await ownerKnownTo(node, slotOrKey).catch(() => undefined)
    const owner = nodes.find((candidate) => candidate.port === port)
    if (owner !== undefined) return owner
  }
  throw new Error(`No reachable node knows the owner of the slot of ${JSON.stringify(slotOrKey)}.`)
}

async function ownerKnownTo(node: RedisServer, slotOrKey: number | string): Promise<number | undefined> {
  const slot =
    typeof slotOrKey === 'number' ? slotOrKey : Number(await node.command('CLUSTER', 'KEYSLOT', slotOrKey))
  return ownerIn(await node.command('CLUSTER', 'NODES'), slot)
}

/** The port of the live primary that owns the slot, from the output of CLUSTER NODES. */
function ownerIn(table: string, slot: number): number | undefined {
  for (const line of table.split('\n')) {
    const [, address = '', flags = '', , , , , , ...ranges] = line.trim().split(' ')
    if (!flags.includes('master') || flags.includes('fail')) continue
    if (ranges.some((range) => rangeIncludes(range, slot))) return Number(/:(\d+)@/.exec(address)?.[1])
  }
  return undefined
}

/** Whether a range of slots such as `0-5460`, or a single slot such as `7`, includes the slot. */
function rangeIncludes(range: string, slot: number): boolean {
  const [from = Number.NaN, to = from] = range.split('-').map(Number)
  return slot >= from && slot <= to
}
