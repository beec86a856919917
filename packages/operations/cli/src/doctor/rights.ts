import type { Names } from '@larder/redis'
import type { Redis } from 'ioredis'
import type { CheckResult } from './finding'
import { clusterProbes, commandProbes, type RedisCommand, subscriptionProbes } from './rights-probes'

/** The user and the keys to check ACL rights for. */
interface RightsTarget {
  readonly names: Names
  readonly isCluster: boolean
  /** Undefined for the logged-in user. */
  readonly user: string | undefined
}

/** Checks that a user has every ACL right that Larder needs. */
export async function checkRights(
  node: Redis,
  { names, isCluster, user }: RightsTarget,
): Promise<CheckResult> {
  const required = [...commandProbes(names), ...(isCluster ? clusterProbes(names) : [])]
  const missing =
    user === undefined
      ? [
          ...(await findRefused(node, required)),
          ...(await findRefusedToSubscribe(node, subscriptionProbes(names))),
        ]
      : await findRefusedByDryRun(node, user, [...required, ...subscriptionProbes(names)])
  const userLabel = user === undefined ? await readUserName(node) : `the user "${user}"`
  if (missing.length === 0) return { status: 'ok', found: `${userLabel} has all required rights` }
  return {
    status: 'fail',
    found: `${userLabel} may not run: ${missing.map(([command, key]) => `${command} ${key ?? ''}`.trim()).join(', ')}`,
    advice: `ACL SETUSER ${user ?? 'USER'} ${rightsFor(missing, names)}`,
  }
}

/**
 * Tries each command. That needs no right to query rights and works on every version. Redis checks rights before it
 * looks at keys, so every reply other than NOPERM means that the command is allowed.
 */
async function findRefused(node: Redis, required: readonly RedisCommand[]): Promise<RedisCommand[]> {
  const refused = await Promise.all(required.map((command) => isRefused(node, command)))
  return required.filter((_, index) => refused[index])
}

async function isRefused(node: Redis, [command, ...args]: RedisCommand): Promise<boolean> {
  try {
    await node.call(command, ...args)
    return false
  } catch (error) {
    if (!isReply(error)) throw error
    return error.message.startsWith('NOPERM')
  }
}

/** Uses a connection of its own: one that has subscribed accepts no other commands. */
async function findRefusedToSubscribe(
  node: Redis,
  required: readonly RedisCommand[],
): Promise<RedisCommand[]> {
  const connection = node.duplicate({ lazyConnect: true, autoResubscribe: false })
  connection.on('error', () => undefined)
  try {
    await connection.connect()
    const refused: RedisCommand[] = []
    for (const command of required) {
      if (await isRefused(connection, command)) refused.push(command)
    }
    return refused
  } finally {
    connection.disconnect()
  }
}

/** Queries the rights of another user. @throws ReplyError without the right to ACL DRYRUN, and before Redis 7. */
async function findRefusedByDryRun(
  node: Redis,
  user: string,
  required: readonly RedisCommand[],
): Promise<RedisCommand[]> {
  const replies = await Promise.all(required.map((command) => node.call('ACL', 'DRYRUN', user, ...command)))
  return required.filter((_, index) => replies[index] !== 'OK')
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

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError'
}
