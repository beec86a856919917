import { LarderError, systemClock } from '@larder/core'
import { type Arguments, parse } from './arguments'
import type { Command } from './command'
import { commands } from './commands'
import { Failure, UsageError } from './errors'
import { helpOf, overview } from './help'
import { connect } from './server'
import type { Terminal } from './terminal/terminal'
import { printable, printableJson } from './text/printable'

/** What a shell sees: all is well; something failed; the command line cannot be meant. */
const exitCodes = { well: 0, failed: 1, usage: 2 } as const

type Environment = Readonly<Record<string, string | undefined>>

/** Runs one command line. Resolves to the exit code; what fails is said on the terminal. */
export async function run(
  argv: readonly string[],
  environment: Environment,
  out: Terminal,
  clock = systemClock,
): Promise<number> {
  try {
    const { command, args } = parse(argv, commands)
    if (args.flag('help') || command === undefined) return await showHelp(command, args, out)
    const { url, name } = targetOf(args, environment)
    const prefix = args.text('prefix') ?? 'larder'
    return await command.run({ args, out, clock, name, prefix, connect: () => connect(url) })
  } catch (error) {
    const code = error instanceof UsageError ? exitCodes.usage : exitCodes.failed
    const message = messageOf(error)
    out.hint(argv.includes('--json') ? printableJson({ error: message }) : `larder: ${printable(message)}`)
    return code
  }
}

async function showHelp(command: Command | undefined, args: Arguments, out: Terminal): Promise<number> {
  const lines = command === undefined ? overview(commands) : helpOf(command)
  if (args.flag('help')) {
    await out.write(`${lines.join('\n')}\n`)
    return exitCodes.well
  }
  out.hint(lines.join('\n'))
  return exitCodes.usage
}

function targetOf(args: Arguments, environment: Environment): { url: string; name: string } {
  const url = args.text('url') ?? environment.REDIS_URL
  if (!url) throw new UsageError('Which server? Write: --url redis://127.0.0.1:6379, or set REDIS_URL')
  if (!/^rediss?:$/.test(protocolOf(url)))
    throw new UsageError('This is no URL of a Redis server. Write: --url redis://127.0.0.1:6379')
  const name = args.text('name') ?? environment.LARDER_NAME
  if (!name) throw new UsageError('Which cache? Write: --name CACHE, or set LARDER_NAME')
  return { url, name }
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol
  } catch {
    return ''
  }
}

function messageOf(error: unknown): string {
  if (error instanceof Failure || error instanceof UsageError || error instanceof LarderError)
    return error.message
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
