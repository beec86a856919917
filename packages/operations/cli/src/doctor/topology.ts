import { parseInfo } from '@larder/redis/kit'
import type { Redis } from 'ioredis'
import { type Info, numberOf, parseSubfields } from '../info'
import { formatBytes, formatCount, formatInteger } from '../text/amounts'
import type { CheckResult } from './finding'
import { readSetting } from './read-setting'

/** A replica that has not been heard from for longer is reported as behind, in s. */
const maxSilence = 2
const slotCount = 16_384

/** Checks that the server accepts writes, has the replicas that it needs for them, and is followed by its replicas. */
export async function checkReplication(node: Redis, info: Info): Promise<CheckResult> {
  if (info.get('role') === 'master' && info.has('min_slaves_good_slaves')) {
    const missing = findMissingReplicas(info, await readSetting(node, 'min-replicas-to-write'))
    if (missing !== undefined) return missing
  }
  return rateReplication(info)
}

/** A server without the replicas that it needs refuses every write. It tells their number, but not how many it needs. */
function findMissingReplicas(info: Info, setting: string | undefined): CheckResult | undefined {
  const good = numberOf(info, 'min_slaves_good_slaves')
  const required = Number(setting ?? 1)
  if (good >= required) return undefined
  return {
    status: 'fail',
    found: `${good} of ${required} replicas that min-replicas-to-write asks for follow in time: every write is refused (NOREPLICAS), those of invalidations too.`,
    advice: 'Start the replicas, or CONFIG SET min-replicas-to-write 0 until they are back.',
  }
}

/** Rates what the server says about its role and its replicas. */
export function rateReplication(info: Info): CheckResult {
  if (info.get('role') !== 'master')
    return {
      status: 'fail',
      found: `this is a replica of ${info.get('master_host')}:${info.get('master_port')}, and refuses writes.`,
      advice: 'Give the URL of the primary.',
    }
  const count = numberOf(info, 'connected_slaves')
  if (count === 0) return { status: 'ok', found: 'a primary without replicas' }
  const replicas = Array.from({ length: count }, (_, index) => readReplica(info, index))
  const late = replicas.filter(({ state, lag }) => state !== 'online' || lag > maxSilence)
  const found = replicas
    .map(
      ({ name, state, lag, behind }) => `${name} ${state}, ${formatBytes(behind)} behind, heard ${lag} s ago`,
    )
    .join('; ')
  if (late.length === 0) return checkSplit(info, found)
  return {
    status: 'warn',
    found: `${found}. A failover to a replica that is behind causes misses.`,
    advice: "Check the replica's log, its network, and repl-backlog-size.",
  }
}

/** Redis reports `min_slaves_good_slaves` only if `min-replicas-to-write` is set. */
function checkSplit(info: Info, found: string): CheckResult {
  if (info.get('min_slaves_good_slaves') !== undefined) return { status: 'ok', found }
  return {
    status: 'warn',
    found: `${found}; min-replicas-to-write is not set: a primary that was replaced while it paused accepts invalidations that are lost, and its readers are up to ten seconds behind.`,
    advice:
      'CONFIG SET min-replicas-to-write 1 and min-replicas-max-lag 2. Behind Sentinels, also set failoverDetector: true in the options of ioredis.',
  }
}

function readReplica(info: Info, index: number) {
  const fields = parseSubfields(info.get(`slave${index}`) ?? '')
  return {
    name: `${fields.get('ip')}:${fields.get('port')}`,
    state: fields.get('state') ?? 'unknown',
    lag: Number(fields.get('lag') ?? 0),
    behind: Math.max(0, numberOf(info, 'master_repl_offset') - Number(fields.get('offset') ?? 0)),
  }
}

/** Checks that every slot of the Cluster is served. */
export async function checkCluster(node: Redis): Promise<CheckResult> {
  const info = parseInfo(await node.call('CLUSTER', 'INFO'))
  const [assigned, served] = [numberOf(info, 'cluster_slots_assigned'), numberOf(info, 'cluster_slots_ok')]
  const state = info.get('cluster_state')
  const found = `state ${state}, ${formatInteger(served)} of ${formatInteger(slotCount)} slots served, ${formatCount(numberOf(info, 'cluster_size'), 'primary', 'primaries')}`
  if (state === 'ok' && served === assigned && served === slotCount) return { status: 'ok', found }
  return {
    status: state === 'ok' ? 'warn' : 'fail',
    found,
    advice: 'redis-cli --cluster check HOST:PORT lists the slots and nodes that are missing.',
  }
}
