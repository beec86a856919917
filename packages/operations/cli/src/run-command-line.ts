import { LarderError, systemClock } from '@larder/core'
import type { Arguments } from './arguments'
import type { Command, Environment } from './command'
import { commands } from './commands'
import { CommandError, UsageError } from './errors'
import { formatCommandHelp, formatOverview } from './help'
import { parseCommandLine } from './parse-command-line'
import { connectServer } from './server'
import type { Terminal } from './terminal/terminal'
import { escapeUnprintable, toPrintableJson } from './text/printable'

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
    if (args.hasFlag('help') || command === undefined) return await showHelp(command, args, terminal)
    const url = command.target === 'cache' ? readUrl(args, environment) : ''
    const name = command.target === 'cache' ? requireName(args, environment) : findName(args, environment)
    const prefix = args.getText('prefix') ?? 'larder'
    const connect = () => connectServer(url)
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

/** The URL of the server: an option, else the environment. */
function readUrl(args: Arguments, environment: Environment): string {
  const url = args.getText('url') ?? environment.REDIS_URL
  if (!url) throw new UsageError('No server given. Write: --url redis://127.0.0.1:6379, or set REDIS_URL')
  if (/^rediss?:$/.test(protocolOf(url))) return url
  throw new UsageError('The URL is not one of a Redis server. Write: --url redis://127.0.0.1:6379')
}

/** The name of the cache: an option, else the environment; empty without either. */
const findName = (args: Arguments, environment: Environment) =>
  args.getText('name') ?? environment.LARDER_NAME ?? ''

function requireName(args: Arguments, environment: Environment): string {
  const name = findName(args, environment)
  if (name) return name
  throw new UsageError('No cache given. Write: --name CACHE, or set LARDER_NAME')
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol
  } catch {
    return ''
  }
}

function messageOf(error: unknown): string {
  if (error instanceof CommandError || error instanceof UsageError || error instanceof LarderError)
    return error.message
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
