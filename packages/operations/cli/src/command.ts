import type { Clock } from '@larder/core'
import type { Arguments } from './arguments'
import type { Options } from './options'
import type { Server } from './server'
import type { Terminal } from './terminal/terminal'

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Everything a command works with. */
export interface CommandContext {
  readonly args: Arguments
  readonly terminal: Terminal
  readonly clock: Clock
  readonly environment: Environment
  /** Name of the cache; empty if none is given to a command that does not work on one. */
  readonly name: string
  /** Key prefix of the cache on the server. */
  readonly prefix: string
  /** Opens a new connection with each call. @throws CommandError if the server cannot be reached. */
  connect(): Promise<Server>
}

/** A subcommand of `larder`. */
export interface Command {
  readonly name: string
  readonly description: string
  /** The command works on a cache on a server, on the server, or on the service that uses a cache and may have no server. */
  readonly target: 'cache' | 'server' | 'service'
  /** The operands in usage lines, such as `TAG…`. */
  readonly operands: string
  readonly operandCount: readonly [min: number, max: number]
  readonly options: Options
  /** Complete command lines for the help. */
  readonly examples: readonly string[]
  /** Resolves to the exit code. */
  run(context: CommandContext): Promise<number>
}
