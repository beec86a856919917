import type { Clock } from '@larder/core'
import { namesOf } from '@larder/redis'
import type { Redis } from 'ioredis'
import { infoOf, type Server } from '../server'
import { checkEviction, checkVersion } from './configuration'
import { type Finding, finding } from './finding'
import { checkLog } from './log'
import { checkPersistence } from './persistence'
import { checkRights } from './rights'
import { checkClock, checkLatency, measureRoundTrips } from './round-trips'
import { checkCluster, checkReplication } from './topology'

/** What is examined, and for whom. */
export interface Examination {
  readonly server: Server
  readonly clock: Clock
  readonly name: string
  readonly prefix: string
  /** The user whose rights are checked; undefined for the one who is logged in. */
  readonly user: string | undefined
}

/** Runs every check, one after the other, so that none disturbs the latency of another. Changes nothing. */
export async function examine(examination: Examination): Promise<Finding[]> {
  const { server, name, prefix } = examination
  const nodes = server.nodes()
  const findings: Finding[] = []
  for (const node of nodes) {
    const label = nodes.length > 1 ? { node: `${node.options.host}:${node.options.port}` } : {}
    for (const found of await examineNode(examination, node)) findings.push({ ...found, ...label })
  }
  const [first] = nodes
  if (server.isCluster && first) findings.push(await finding('cluster', () => checkCluster(first)))
  findings.push(await finding('log', () => checkLog(server, namesOf(prefix, name), prefix)))
  return findings
}

async function examineNode(examination: Examination, node: Redis): Promise<Finding[]> {
  const { server, clock, name, prefix, user } = examination
  const { isCluster } = server
  const info = () => infoOf(node)
  const trips = measureRoundTrips(node, clock)
  // Whoever awaits it below gets its failure; until then it is nobody's.
  trips.catch(() => undefined)
  return [
    await finding('latency', async () => checkLatency(await trips)),
    await finding('clock', async () => checkClock(await trips)),
    await finding('version', async () => checkVersion(await info())),
    await finding('eviction', async () => checkEviction(await info())),
    await finding('persistence', async () => checkPersistence(node, await info())),
    await finding('replication', async () => checkReplication(await info())),
    await finding('rights', () => checkRights(node, { names: namesOf(prefix, name), isCluster, user })),
  ]
}
