import type { Redis } from 'ioredis'
import { type Info, numberIn, parseInfo, partsOf } from '../info'
import { bytes, whole } from '../text/amounts'
import type { Finding } from './finding'

type Answer = Omit<Finding, 'check'>

/** A replica that says nothing for this long, in s, is behind. */
const silence = 2

/** Whether the server takes writes, and its replicas follow. */
export function checkReplication(info: Info): Answer {
  if (info.get('role') !== 'master')
    return {
      status: 'fail',
      found: `this is a replica of ${info.get('master_host')}:${info.get('master_port')}, and refuses writes.`,
      advice: 'Give the URL of the primary.',
    }
  const count = numberIn(info, 'connected_slaves')
  if (count === 0) return { status: 'ok', found: 'a primary without replicas' }
  const replicas = Array.from({ length: count }, (_, at) => replicaIn(info, at))
  const late = replicas.filter(({ state, lag }) => state !== 'online' || lag > silence)
  const found = replicas.map(
    ({ name, state, lag, behind }) => `${name} ${state}, ${bytes(behind)} behind, heard ${lag} s ago`,
  )
  if (late.length === 0) return { status: 'ok', found: found.join('; ') }
  return {
    status: 'warn',
    found: `${found.join('; ')}. A failover to a replica that is behind costs misses.`,
    advice: "See the replica's log, its network, and repl-backlog-size.",
  }
}

function replicaIn(info: Info, at: number) {
  const parts = partsOf(info.get(`slave${at}`) ?? '')
  return {
    name: `${parts.get('ip')}:${parts.get('port')}`,
    state: parts.get('state') ?? 'unknown',
    lag: Number(parts.get('lag') ?? 0),
    behind: Math.max(0, numberIn(info, 'master_repl_offset') - Number(parts.get('offset') ?? 0)),
  }
}

/** Whether every slot of the Cluster is served. */
export async function checkCluster(node: Redis): Promise<Answer> {
  const state = parseInfo(String(await node.call('CLUSTER', 'INFO')))
  const [assigned, served] = [numberIn(state, 'cluster_slots_assigned'), numberIn(state, 'cluster_slots_ok')]
  const found = `state ${state.get('cluster_state')}, ${whole(served)} of ${whole(16_384)} slots served, ${state.get('cluster_size')} primaries`
  if (state.get('cluster_state') === 'ok' && served === assigned && served === 16_384)
    return { status: 'ok', found }
  return {
    status: state.get('cluster_state') === 'ok' ? 'warn' : 'fail',
    found,
    advice: 'redis-cli --cluster check HOST:PORT says which slots and nodes are missing.',
  }
}
