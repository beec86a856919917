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
  readonly createProbes: (names: Names) => readonly (readonly [command: string, ...args: string[]])[]
}

/** A cache key that applications do not use. */
const probeKey = 'larder doctor'

/** Every command that the store and its scripts send. A user needs no other rights than these, on the cache's keys. */
export const requiredCommands: readonly RequiredCommand[] = [
  { name: 'hello', use: 'connecting', createProbes: () => [] },
  { name: 'auth', use: 'connecting', createProbes: () => [] },
  { name: 'info', use: 'command', createProbes: () => [['INFO']] },
  {
    name: 'subscribe',
    use: 'subscription',
    createProbes: ({ push, done }) => [
      ['SUBSCRIBE', push],
      ['SUBSCRIBE', done],
    ],
  },
  { name: 'unsubscribe', use: 'subscription', createProbes: ({ push }) => [['UNSUBSCRIBE', push]] },
  { name: 'publish', use: 'command', createProbes: ({ done }) => [['PUBLISH', done, probeKey]] },
  { name: 'eval', use: 'command', createProbes: () => [['EVAL', 'return 1', '0']] },
  { name: 'evalsha', use: 'command', createProbes: () => [['EVALSHA', '0'.repeat(40), '0']] },
  { name: 'time', use: 'command', createProbes: () => [['TIME']] },
  { name: 'get', use: 'command', createProbes: ({ entry }) => [['GET', entry(probeKey)]] },
  { name: 'mget', use: 'command', createProbes: ({ entry }) => [['MGET', entry(probeKey)]] },
  {
    name: 'getrange',
    use: 'command',
    createProbes: ({ entry }) => [['GETRANGE', entry(probeKey), '0', '7']],
  },
  {
    name: 'set',
    use: 'command',
    createProbes: ({ entry }) => [['SET', entry(probeKey), '', 'XX', 'PX', '1']],
  },
  { name: 'del', use: 'command', createProbes: ({ lease }) => [['DEL', lease(probeKey)]] },
  { name: 'unlink', use: 'command', createProbes: ({ entry }) => [['UNLINK', entry(probeKey)]] },
  { name: 'pexpire', use: 'command', createProbes: ({ lease }) => [['PEXPIRE', lease(probeKey), '1']] },
  {
    name: 'scan',
    use: 'command',
    createProbes: ({ pattern }) => [['SCAN', '0', 'MATCH', pattern, 'COUNT', '1']],
  },
  { name: 'hget', use: 'command', createProbes: ({ log: [head] }) => [['HGET', head, 'terms']] },
  { name: 'hmget', use: 'command', createProbes: ({ log: [head] }) => [['HMGET', head, 'position']] },
  {
    name: 'hset',
    use: 'command',
    createProbes: ({ log: [head] }) => [['HSET', head, 'one', 'value', 'too few']],
  },
  { name: 'zadd', use: 'command', createProbes: ({ log: [, tags] }) => [['ZADD', tags, 'XX', '0', '']] },
  { name: 'zrem', use: 'command', createProbes: ({ log: [, , keys] }) => [['ZREM', keys, '']] },
  { name: 'zcard', use: 'command', createProbes: ({ log: [, tags] }) => [['ZCARD', tags]] },
  { name: 'zscore', use: 'command', createProbes: ({ log: [, , keys] }) => [['ZSCORE', keys, '']] },
  { name: 'zpopmin', use: 'command', createProbes: ({ log: [, , keys] }) => [['ZPOPMIN', keys, '0']] },
  { name: 'zrange', use: 'command', createProbes: ({ log: [, tags] }) => [['ZRANGE', tags, '1', '0']] },
  {
    name: 'zrangebyscore',
    use: 'command',
    createProbes: ({ log: [, tags] }) => [['ZRANGEBYSCORE', tags, '1', '0']],
  },
  {
    name: 'zremrangebyrank',
    use: 'command',
    createProbes: ({ log: [, tags] }) => [['ZREMRANGEBYRANK', tags, '1', '0']],
  },
  { name: 'cluster|slots', use: 'cluster', createProbes: () => [['CLUSTER', 'SLOTS']] },
  { name: 'cluster|info', use: 'cluster', createProbes: () => [['CLUSTER', 'INFO']] },
]
