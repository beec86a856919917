import type { Names } from '@larder/redis'

/** A command with its arguments. */
export type Words = readonly [command: string, ...args: string[]]

/** A key that nobody uses. */
const probe = 'larder doctor'

/**
 * Every command that the adapter and its scripts need, on the keys that they need it on, in a form that changes nothing:
 * on an absent key, with an empty range, or with a mistake that is found only after the right was.
 */
export function neededCommands(names: Names): readonly Words[] {
  const [head, tags, keys, , recent] = names.log
  const entry = names.entry(probe)
  const lease = names.lease(probe)
  return [
    ['INFO'],
    ['TIME'],
    ['EVAL', 'return 1', '0'],
    ['EVALSHA', '0'.repeat(40), '0'],
    ['PUBLISH', names.done, probe],
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

/** What a Cluster needs besides. */
export const neededOnCluster: readonly Words[] = [
  ['CLUSTER', 'SLOTS'],
  ['CLUSTER', 'INFO'],
]

/** These need a connection of their own. */
export function neededToListen(names: Names): readonly Words[] {
  return [
    ['SUBSCRIBE', names.push],
    ['SUBSCRIBE', names.done],
    ['UNSUBSCRIBE', names.push],
  ]
}
