import type { Names } from '@larder/redis'

/** A command with its arguments. */
export type RedisCommand = readonly [command: string, ...args: string[]]

/** A key that no application uses. */
const probeKey = 'larder doctor'

/**
 * Every command that the adapter and its scripts use, on the keys they use it on, in a form that changes nothing: on an
 * absent key, with an empty range, or with a mistake that Redis reports only after it has checked the right.
 */
export function requiredCommands(names: Names): readonly RedisCommand[] {
  const [head, tags, keys, , recent] = names.log
  const entry = names.entry(probeKey)
  const lease = names.lease(probeKey)
  return [
    ['INFO'],
    ['TIME'],
    ['EVAL', 'return 1', '0'],
    ['EVALSHA', '0'.repeat(40), '0'],
    ['PUBLISH', names.done, probeKey],
    ['GET', entry],
    ['MGET', entry],
    ['GETRANGE', entry, '0', '7'],
    ['SET', entry, '', 'XX', 'PX', '1'],
    ['DEL', lease],
    ['UNLINK', entry],
    ['PEXPIRE', lease, '1'],
    ['SCAN', '0', 'MATCH', names.pattern, 'COUNT', '1'],
    ['HMGET', head, 'position'],
    ['HSET', head, 'one', 'value', 'too few'],
    ['ZADD', tags, 'XX', '0', ''],
    ['ZREM', keys, ''],
    ['ZCARD', tags],
    ['ZCOUNT', recent, '1', '0'],
    ['ZSCORE', recent, ''],
    ['ZPOPMIN', keys, '0'],
    ['ZRANGEBYSCORE', tags, '1', '0'],
    ['ZREMRANGEBYRANK', recent, '1', '0'],
  ]
}

/** Also required on a Cluster. */
export const requiredOnCluster: readonly RedisCommand[] = [
  ['CLUSTER', 'SLOTS'],
  ['CLUSTER', 'INFO'],
]

/** Required on the connection that subscribes; it must be a separate one. */
export function requiredToSubscribe(names: Names): readonly RedisCommand[] {
  return [
    ['SUBSCRIBE', names.push],
    ['SUBSCRIBE', names.done],
    ['UNSUBSCRIBE', names.push],
  ]
}
