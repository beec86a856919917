import type { Names } from './names'

/**
 * Where a command is used: while the client connects, on the connection for commands (also by scripts), on the connection
 * for subscriptions, or by the client of a Cluster.
 */
export type CommandUse = 'connecting' | 'command' | 'subscription' | 'cluster'

/** A Redis command that a user of Larder must be allowed to run. */
export interface RequiredCommand {
  /** As in an ACL rule, without the plus sign: `zadd`, or `cluster|slots` for a subcommand. */
  readonly name: string
  readonly use: CommandUse
  /**
   * Commands that need the same rights, on the same keys and channels, and change nothing: on an absent key, with an empty
   * range, or with an error that Redis finds after it has checked the rights. Empty for `connecting`.
   */
  readonly probes: (names: Names) => readonly (readonly [command: string, ...args: string[]])[]
}

/** A cache key that applications do not use. */
const probeKey = 'larder doctor'

/** Every command that the store and its scripts send. A user needs no other rights than these, on the cache's keys. */
export const requiredCommands: readonly RequiredCommand[] = [
  { name: 'hello', use: 'connecting', probes: () => [] },
  { name: 'auth', use: 'connecting', probes: () => [] },
  { name: 'info', use: 'command', probes: () => [['INFO']] },
  {
    name: 'subscribe',
    use: 'subscription',
    probes: ({ push, done }) => [
      ['SUBSCRIBE', push],
      ['SUBSCRIBE', done],
    ],
  },
  { name: 'unsubscribe', use: 'subscription', probes: ({ push }) => [['UNSUBSCRIBE', push]] },
  { name: 'publish', use: 'command', probes: ({ done }) => [['PUBLISH', done, probeKey]] },
  { name: 'eval', use: 'command', probes: () => [['EVAL', 'return 1', '0']] },
  { name: 'evalsha', use: 'command', probes: () => [['EVALSHA', '0'.repeat(40), '0']] },
  { name: 'time', use: 'command', probes: () => [['TIME']] },
  { name: 'get', use: 'command', probes: ({ entry }) => [['GET', entry(probeKey)]] },
  { name: 'mget', use: 'command', probes: ({ entry }) => [['MGET', entry(probeKey)]] },
  { name: 'getrange', use: 'command', probes: ({ entry }) => [['GETRANGE', entry(probeKey), '0', '7']] },
  { name: 'set', use: 'command', probes: ({ entry }) => [['SET', entry(probeKey), '', 'XX', 'PX', '1']] },
  { name: 'del', use: 'command', probes: ({ lease }) => [['DEL', lease(probeKey)]] },
  { name: 'unlink', use: 'command', probes: ({ entry }) => [['UNLINK', entry(probeKey)]] },
  { name: 'pexpire', use: 'command', probes: ({ lease }) => [['PEXPIRE', lease(probeKey), '1']] },
  { name: 'scan', use: 'command', probes: ({ pattern }) => [['SCAN', '0', 'MATCH', pattern, 'COUNT', '1']] },
  { name: 'hmget', use: 'command', probes: ({ log: [head] }) => [['HMGET', head, 'position']] },
  { name: 'hset', use: 'command', probes: ({ log: [head] }) => [['HSET', head, 'one', 'value', 'too few']] },
  { name: 'zadd', use: 'command', probes: ({ log: [, tags] }) => [['ZADD', tags, 'XX', '0', '']] },
  { name: 'zrem', use: 'command', probes: ({ log: [, , keys] }) => [['ZREM', keys, '']] },
  { name: 'zcard', use: 'command', probes: ({ log: [, tags] }) => [['ZCARD', tags]] },
  { name: 'zcount', use: 'command', probes: ({ log }) => [['ZCOUNT', log[4], '1', '0']] },
  { name: 'zscore', use: 'command', probes: ({ log }) => [['ZSCORE', log[4], '']] },
  { name: 'zpopmin', use: 'command', probes: ({ log: [, , keys] }) => [['ZPOPMIN', keys, '0']] },
  {
    name: 'zrangebyscore',
    use: 'command',
    probes: ({ log: [, tags] }) => [['ZRANGEBYSCORE', tags, '1', '0']],
  },
  { name: 'zremrangebyrank', use: 'command', probes: ({ log }) => [['ZREMRANGEBYRANK', log[4], '1', '0']] },
  { name: 'cluster|slots', use: 'cluster', probes: () => [['CLUSTER', 'SLOTS']] },
  { name: 'cluster|info', use: 'cluster', probes: () => [['CLUSTER', 'INFO']] },
]
