import type { Names } from '@larder/redis'
import type { Redis } from 'ioredis'
import type { CheckResult } from './finding'
import { isReply } from './is-reply'
import { clusterProbes, commandProbes, type RedisCommand, subscriptionProbes } from './rights-probes'

/** The user and the keys to check ACL rights for. */
interface RightsTarget {
  readonly names: Names
  readonly isCluster: boolean
  /** Undefined for the logged-in user. */
  readonly user: string | undefined
}

/** Commands that cannot be run, by the reason. */
interface RefusedCommands {
  /** The user has no right to them. */
  readonly forbidden: readonly RedisCommand[]
  /** The server has been configured not to have them. */
  readonly disabled: readonly RedisCommand[]
}

/** Checks that the server has every command that Larder needs, and that a user has the right to it. */
export async function checkRights(
  node: Redis,
  { names, isCluster, user }: RightsTarget,
): Promise<CheckResult> {
  const required = [...commandProbes(names), ...(isCluster ? clusterProbes(names) : [])]
  const { forbidden, disabled } =
    user === undefined
      ? await findRefused(node, required, subscriptionProbes(names))
      : await findRefusedByDryRun(node, user, [...required, ...subscriptionProbes(names)])
  const userLabel = user === undefined ? await readUserName(node) : `the user "${user}"`
  if (disabled.length > 0)
    return {
      status: 'fail',
      found: `the server does not have: ${[...new Set(disabled.map(([command]) => command))].join(', ')}`,
      advice:
        'Remove rename-command from its configuration, or ask its provider: Larder needs these commands.',
    }
  if (forbidden.length === 0) return { status: 'ok', found: `${userLabel} has all required rights` }
  return {
    status: 'fail',
    found: `${userLabel} may not run: ${forbidden.map(([command, key]) => `${command} ${key ?? ''}`.trim()).join(', ')}`,
    advice: `ACL SETUSER ${user ?? node.options.username ?? 'default'} ${rightsFor(forbidden, names)}`,
  }
}

/** The connection that subscribes is one of its own: after that it accepts no other commands. */
async function findRefused(
  node: Redis,
  commands: readonly RedisCommand[],
  subscriptions: readonly RedisCommand[],
): Promise<RefusedCommands> {
  const connection = node.duplicate({ lazyConnect: true, autoResubscribe: false })
  connection.on('error', () => undefined)
  const errors = new Map<RedisCommand, string | undefined>()
  try {
    await connection.connect()
    await Promise.all(commands.map(async (command) => errors.set(command, await tryCommand(node, command))))
    for (const command of subscriptions) errors.set(command, await tryCommand(connection, command))
  } finally {
    connection.disconnect()
  }
  const refusedWith = (reason: string) =>
    [...commands, ...subscriptions].filter((command) => errors.get(command)?.startsWith(reason))
  return { forbidden: refusedWith('NOPERM'), disabled: refusedWith('ERR unknown command') }
}

/**
 * The error with which a command is refused. Trying needs no right to query rights and works on every version: Redis looks
 * for the command and checks rights before it looks at keys.
 */
async function tryCommand(node: Redis, [command, ...args]: RedisCommand): Promise<string | undefined> {
  try {
    await node.call(command, ...args)
    return undefined
  } catch (error) {
    if (isReply(error)) return error.message
    throw error
  }
}

/** Queries the rights of another user. @throws ReplyError without the right to ACL DRYRUN, and before Redis 7. */
async function findRefusedByDryRun(
  node: Redis,
  user: string,
  required: readonly RedisCommand[],
): Promise<RefusedCommands> {
  const replies = await Promise.all(required.map((command) => node.call('ACL', 'DRYRUN', user, ...command)))
  return { forbidden: required.filter((_, index) => replies[index] !== 'OK'), disabled: [] }
}

async function readUserName(node: Redis): Promise<string> {
  try {
    return `the user "${String(await node.call('ACL', 'WHOAMI'))}"`
  } catch {
    return 'this user'
  }
}

/** The rights to grant. Keys and channels are always included, because NOPERM does not say which one was refused. */
function rightsFor(missing: readonly RedisCommand[], names: Names): string {
  const commands = missing.map(([command, subcommand]) =>
    command === 'CLUSTER' ? `cluster|${subcommand}` : command,
  )
  const root = names.push.slice(0, names.push.indexOf(':'))
  return [`~${root}:*`, `&${root}:*`, ...new Set(commands.map((name) => `+${name.toLowerCase()}`))].join(' ')
}
