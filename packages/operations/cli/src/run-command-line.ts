import { LarderError, systemClock } from '@larder/core'
import { isRedisUrl, redisUrlForm } from '@larder/redis'
import type { Arguments } from './arguments'
import type { Command, Environment } from './command'
import { commands } from './commands'
import { CommandError, UsageError } from './errors'
import { formatCommandHelp, formatOverview } from './help'
import { findOnlyCache } from './only-cache'
import { parseCommandLine } from './parse-command-line'
import { connectServer } from './server'
import type { Terminal } from './terminal/terminal'
import { escapeUnprintable, toPrintableJson } from './text/printable'
import { version } from './version'

const exitCodes = { success: 0, failure: 1, usage: 2 } as const

/** Runs one command line. Resolves to the exit code; errors are written to the terminal. */
export async function runCommandLine(
  argv: readonly string[],
  environment: Environment,
  terminal: Terminal,
  clock = systemClock,
): Promise<number> {
  try {
    const { command, args } = parseCommandLine(argv, commands)
    if (args.hasFlag('version')) return await showVersion(terminal)
    if (args.hasFlag('help') || command === undefined) return await showHelp(command, args, terminal)
    const url = command.target === 'service' ? '' : readUrl(args, environment)
    const prefix = args.getText('prefix') ?? 'larder'
    const connect = () => connectServer(url)
    const given = args.getText('name') ?? environment.LARDER_NAME ?? ''
    const name = given === '' && command.target === 'cache' ? await findOnlyCache(connect, prefix) : given
    return await command.run({ args, terminal, clock, environment, name, prefix, connect })
  } catch (error) {
    const message = messageOf(error)
    terminal.writeHint(
      argv.includes('--json') ? toPrintableJson({ error: message }) : `larder: ${escapeUnprintable(message)}`,
    )
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failure
  }
}

async function showHelp(command: Command | undefined, args: Arguments, terminal: Terminal): Promise<number> {
  const lines = command === undefined ? formatOverview(commands) : formatCommandHelp(command)
  if (args.hasFlag('help')) {
    await terminal.write(`${lines.join('\n')}\n`)
    return exitCodes.success
  }
  terminal.writeHint(lines.join('\n'))
  return exitCodes.usage
}

async function showVersion(terminal: Terminal): Promise<number> {
  await terminal.write(`${version}\n`)
  return exitCodes.success
}

/** The URL of the server: an option, else the environment. */
function readUrl(args: Arguments, environment: Environment): string {
  const url = args.getText('url') ?? environment.REDIS_URL
  if (!url) throw new UsageError('No server given. Write: --url redis://127.0.0.1:6379, or set REDIS_URL')
  if (isRedisUrl(url)) return url
  throw new UsageError(`The URL is not one of a Redis server. Write: --url ${redisUrlForm}`)
}

function messageOf(error: unknown): string {
  if (error instanceof CommandError || error instanceof UsageError || error instanceof LarderError)
    return error.message
  if (isRedisFailure(error)) return `Redis failed: ${error.message} Run larder doctor to find out why.`
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

/** Names and messages of ioredis for a server, or a part of a Cluster, that is gone or refuses a command. */
function isRedisFailure(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return (
    /^(ReplyError|ClusterAllFailedError|MaxRetriesPerRequestError)$/.test(error.name) ||
    /^(Connection is closed|Command timed out|Too many Cluster redirections|Stream isn't writeable)/.test(
      error.message,
    )
  )
}
