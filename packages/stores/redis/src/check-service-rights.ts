import type { CheckResult, ServiceServer } from '@larder/core'
import { serviceNamesOf, servicePatternOf } from './names'

/** A kind of services, and the commands that it sends. */
export interface ServiceRights {
  /** As in the names of its keys: `session`. */
  readonly kind: string
  /** For people: `sessions`. */
  readonly title: string
  /** With arguments that the command accepts; `KEY` stands for a key of the service. None is run. */
  readonly commands: readonly string[]
}

/** Commands of every service, as in {@link ServiceRights.commands}: those of its connection, and those that run its scripts. */
export const kitCommands = [
  'hello 3',
  'auth user password',
  'info',
  'eval script 1 KEY',
  'evalsha digest 1 KEY',
  'time',
] as const

/** Replies with the names of the commands, one in each argument, that the user may not run. Nil before Redis 7. */
const askScript = `
if not redis.acl_check_cmd then return false end
local refused = {}
for _, command in ipairs(ARGV) do
  local words = {}
  for word in string.gmatch(command, '%S+') do
    words[#words + 1] = word == 'KEY' and KEYS[1] or word
  end
  if not redis.acl_check_cmd(unpack(words)) then refused[#refused + 1] = words[1] end
end
return refused`

/**
 * Checks that a user may run every command of a service, where the service has keys or the keys cannot be looked for. Needs
 * Redis 7, and the right to EVAL, or to ACL DRYRUN for another user. Changes nothing.
 */
export async function checkServiceRights(
  server: ServiceServer,
  { kind, title, commands }: ServiceRights,
): Promise<CheckResult | undefined> {
  const found = await server
    .findKeys(servicePatternOf(server.prefix, kind, undefined), 1)
    .catch(() => undefined)
  if (found?.length === 0) return undefined
  const key = serviceNamesOf(server.prefix, kind, server.name).keyOf('larder doctor')
  const refused =
    server.user === undefined
      ? await findRefused(server, commands, key)
      : await findRefusedByDryRun(server, server.user, commands, key)
  if (refused === undefined)
    return { status: 'unknown', found: 'the server does not tell rights: it is older than Redis 7.' }
  if (refused.length === 0) return { status: 'ok', found: `the user may run every command of ${title}` }
  const user = server.user ?? String(await server.call('ACL', 'WHOAMI').catch(() => 'USER'))
  return {
    status: 'warn',
    found: `the user may not run ${refused.map((name) => name.toUpperCase()).join(', ')}: if ${title} log in as this user, they fail.`,
    advice: `ACL SETUSER ${user} ~${rootOf(key)}* ${refused.map((name) => `+${name}`).join(' ')}, or --user NAME to check the user of ${title}.`,
  }
}

async function findRefused(
  server: ServiceServer,
  commands: readonly string[],
  key: string,
): Promise<readonly string[] | undefined> {
  try {
    const reply = await server.call('EVAL', askScript, 1, key, ...commands)
    return (reply as readonly string[] | null) ?? undefined
  } catch (error) {
    if (isAboutKeys(String(error))) return commands.filter((command) => command.includes('KEY')).map(nameOf)
    if (String(error).includes("'eval'")) return ['eval']
    throw error
  }
}

async function findRefusedByDryRun(
  server: ServiceServer,
  user: string,
  commands: readonly string[],
  key: string,
): Promise<readonly string[]> {
  const answers = await Promise.all(
    commands.map((command) =>
      server.call('ACL', 'DRYRUN', user, ...command.split(' ').map((word) => (word === 'KEY' ? key : word))),
    ),
  )
  return commands.filter((_, index) => answers[index] !== 'OK').map(nameOf)
}

const nameOf = (command: string) => command.split(' ', 1).join('')

/** NOPERM of every version of Redis names the command, or says that keys were refused. */
const isAboutKeys = (error: string) => /NOPERM.*\bkeys?\b/i.test(error)

/** `larder:session:` */
const rootOf = (key: string) =>
  key
    .split(':', 2)
    .map((part) => `${part}:`)
    .join('')
