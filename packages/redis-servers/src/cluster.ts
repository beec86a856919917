import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type RedisServer, startRedis } from './server'
import { until } from './until'

const run = promisify(execFile)

/** A real Redis Cluster. */
export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[]
  /** The primary that owns the slot of this key now. */
  primaryOf(key: string): Promise<RedisServer>
  close(): Promise<void>
}

/** Starts three primaries with a replica each; resolves when every node knows the others and serves all slots. */
export async function startCluster(): Promise<RedisCluster> {
  const args = [
    '--cluster-enabled',
    'yes',
    '--cluster-node-timeout',
    '1000',
    '--cluster-replica-validity-factor',
    '0',
  ]
  const nodes = await Promise.all(Array.from({ length: 6 }, () => startRedis({ args, isClusterNode: true })))
  const addresses = nodes.map(({ host, port }) => `${host}:${port}`)
  await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'])
  await Promise.all(nodes.map(isReady))

  async function primaryOf(key: string): Promise<RedisServer> {
    const alive = nodes.map(async (node) => ({
      node,
      table: await node.command('CLUSTER', 'NODES').catch(() => ''),
    }))
    for (const { node, table } of await Promise.all(alive)) {
      const slot = Number(table === '' ? -1 : await node.command('CLUSTER', 'KEYSLOT', key))
      const port = ownerOf(table, slot)
      const owner = nodes.find((candidate) => candidate.port === port)
      if (owner !== undefined) return owner
    }
    throw new Error(`No node knows who owns the slot of "${key}".`)
  }

  async function close(): Promise<void> {
    await Promise.all(nodes.map((node) => node.close()))
  }
  return { nodes, primaryOf, close, [Symbol.asyncDispose]: close }
}

function isReady(node: RedisServer): Promise<void> {
  return until(`the node on port ${node.port} serves the cluster`, async () => {
    const info = await node.command('CLUSTER', 'INFO')
    const table = await node.command('CLUSTER', 'NODES')
    const replicas = table.split('\n').filter((line) => line.includes('slave')).length
    return info.includes('cluster_state:ok') && replicas === 3
  })
}

/** The port of the living primary whose slots hold this one, from the text of CLUSTER NODES. */
function ownerOf(table: string, slot: number): number | undefined {
  for (const line of table.split('\n')) {
    const [, address = '', flags = '', , , , , , ...slots] = line.trim().split(' ')
    if (!flags.includes('master') || flags.includes('fail')) continue
    const owns = slots.some((range) => {
      const [from = Number.NaN, to = from] = range.split('-').map(Number)
      return slot >= from && slot <= to
    })
    if (owns) return Number(/:(\d+)@/.exec(address)?.[1])
  }
  return undefined
}
