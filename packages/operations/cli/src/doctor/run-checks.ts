import type { Clock } from '@larder/core'
import { type Names, namesOf } from '@larder/redis'
import type { Redis } from 'ioredis'
import { readInfo, type Server } from '../server'
import { loadOperations, servicePackages, toServiceServer } from '../services'
import { checkConnections } from './connections'
import { checkEviction } from './eviction'
import { type Finding, runCheck, runServiceCheck } from './finding'
import { isReply } from './is-reply'
import { checkLog } from './log'
import { checkPersistence } from './persistence'
import { checkRights } from './rights'
import { checkClock, checkLatency, measureRoundTrips } from './round-trips'
import { checkSentinels } from './sentinels'
import { checkSharing } from './shared-database'
import { checkCluster, checkReplication } from './topology'
import { checkVersion } from './version'

/** The server and the cache to check. */
interface CheckTarget {
  readonly server: Server
  readonly clock: Clock
  /** Name of the cache; empty where the server has none. */
  readonly name: string
  readonly prefix: string
  /** The user to check the rights of; undefined for the logged-in user. */
  readonly user: string | undefined
}

/** Runs every check, one at a time: a check that ran beside another would distort its latency. Changes nothing. */
export async function runChecks(target: CheckTarget): Promise<Finding[]> {
  const { server, name, prefix, user } = target
  const nodes = server.nodes()
  const findings: Finding[] = []
  for (const node of nodes) {
    const label = nodes.length > 1 ? { node: `${node.options.host}:${node.options.port}` } : {}
    for (const finding of await runNodeChecks(target, node)) findings.push({ ...finding, ...label })
  }
  const [firstNode] = nodes
  if (server.isCluster && firstNode) findings.push(await runCheck('cluster', () => checkCluster(firstNode)))
  const isRefusing = findings.some(({ status }) => status === 'fail')
  findings.push(await runCheck('log', () => checkLog(server, { name, prefix, isRefusing })))
  const serviceServer = toServiceServer(server, { prefix, name, user })
  for (const operations of servicePackages.map(loadOperations))
    for (const check of operations?.checks ?? [])
      findings.push(...(await runServiceCheck(check, serviceServer)))
  return findings
}

async function runNodeChecks(target: CheckTarget, node: Redis): Promise<Finding[]> {
  const { server, clock, name, prefix, user } = target
  const { isCluster } = server
  const names = namesOf(prefix, name)
  const readNodeInfo = () => readInfo(node)
  const roundTrips = measureRoundTrips(node, clock)
  const silence = await roundTrips.then(
    () => undefined,
    (error: unknown) => (isReply(error) ? undefined : String(error)),
  )
  // Each further check would wait for its timeout.
  if (silence !== undefined)
    return [{ check: 'connection', status: 'fail', found: `the server does not answer: ${silence}` }]
  return [
    await runCheck('latency', async () => checkLatency(await roundTrips)),
    await runCheck('clock', async () => checkClock(await roundTrips)),
    await runCheck('version', async () => checkVersion(await readNodeInfo())),
    await runCheck('eviction', async () => checkEviction(await readNodeInfo())),
    await runCheck('persistence', async () => checkPersistence(node, await readNodeInfo())),
    await runCheck('replication', async () => checkReplication(node, await readNodeInfo())),
    ...(isCluster
      ? []
      : [await runCheck('sentinels', async () => checkSentinels(node, await readNodeInfo(), names))]),
    await runCheck('connections', async () => checkConnections(node, await readNodeInfo())),
    await runCheck('sharing', async () => checkSharing(node, await readNodeInfo(), rootOf(names))),
    await runCheck('rights', () => checkRights(node, { names, isCluster, user })),
  ]
}

/** The beginning of the names of all caches and services with this prefix. */
function rootOf({ push }: Names): string {
  return push.slice(0, push.indexOf(':') + 1)
}
