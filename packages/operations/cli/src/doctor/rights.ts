import type { Names } from '@larder/redis'
import type { Redis } from 'ioredis'
import type { Finding } from './finding'
import { neededCommands, neededOnCluster, neededToListen, type Words } from './needed-commands'

type Answer = Omit<Finding, 'check'>

/** Whose rights are checked, and on what. */
export interface RightsToCheck {
  readonly names: Names
  readonly isCluster: boolean
  /** Undefined for the user who is logged in. */
  readonly user: string | undefined
}

/** Whether a user may do all that Larder does. */
export async function checkRights(node: Redis, { names, isCluster, user }: RightsToCheck): Promise<Answer> {
  const needed = [...neededCommands(names), ...(isCluster ? neededOnCluster(names) : [])]
  const missing =
    user === undefined
      ? [...(await refusedTo(node, needed)), ...(await refusedToListen(node, neededToListen(names)))]
      : await refusedByDryRun(node, user, [...needed, ...neededToListen(names)])
  const who = user === undefined ? await whoAmI(node) : `the user "${user}"`
  if (missing.length === 0) return { status: 'ok', found: `${who} may do all that is needed` }
  return {
    status: 'fail',
    found: `${who} may not: ${missing.map(([command, key]) => `${command} ${key ?? ''}`.trim()).join(', ')}`,
    advice: `ACL SETUSER ${user ?? 'USER'} ${rightsFor(missing, names)}`,
  }
}

/**
 * By trying, which needs no right to ask about rights, and works on every version. Redis looks at the rights before it
 * looks at keys, so any other answer means that it is allowed.
 */
async function refusedTo(node: Redis, needed: readonly Words[]): Promise<Words[]> {
  const refused = await Promise.all(needed.map((words) => isRefused(node, words)))
  return needed.filter((_, at) => refused[at])
}

async function isRefused(node: Redis, [command, ...args]: Words): Promise<boolean> {
  try {
    await node.call(command, ...args)
    return false
  } catch (error) {
    if (!isReply(error)) throw error
    return error.message.startsWith('NOPERM')
  }
}

/** A connection that is subscribed can do nothing else, so this takes another one. */
async function refusedToListen(node: Redis, needed: readonly Words[]): Promise<Words[]> {
  const other = node.duplicate({ lazyConnect: true, autoResubscribe: false })
  other.on('error', () => undefined)
  try {
    await other.connect()
    const missing: Words[] = []
    for (const words of needed) {
      if (await isRefused(other, words)) missing.push(words)
    }
    return missing
  } finally {
    other.disconnect()
  }
}

/** Asks about another user. @throws what Redis answers to someone who may not ask, or from before Redis 7. */
async function refusedByDryRun(node: Redis, user: string, needed: readonly Words[]): Promise<Words[]> {
  const answers = await Promise.all(needed.map((words) => node.call('ACL', 'DRYRUN', user, ...words)))
  return needed.filter((_, at) => answers[at] !== 'OK')
}

async function whoAmI(node: Redis): Promise<string> {
  try {
    return `the user "${String(await node.call('ACL', 'WHOAMI'))}"`
  } catch {
    return 'this user'
  }
}

/** The rights to add. Keys and channels are named as well: which of them was missing, Redis does not say. */
function rightsFor(missing: readonly Words[], names: Names): string {
  const commands = missing.map(([command, sub]) => (command === 'CLUSTER' ? `cluster|${sub}` : command))
  const root = names.push.slice(0, names.push.indexOf(':'))
  return [`~${root}:*`, `&${root}:*`, ...new Set(commands.map((name) => `+${name.toLowerCase()}`))].join(' ')
}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError'
}
