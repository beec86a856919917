import type { Clock } from '@larder/core'
import type { Arguments } from './arguments'
import type { Server } from './server'
import type { Terminal } from './terminal/terminal'

/** An option as it is parsed, and as the help shows it. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean | undefined
  /** What stands for the value in the help. */
  readonly value?: string | undefined
  readonly about: string
}

export type Options = Readonly<Record<string, Option>>

/** What a command gets. */
export interface Context {
  readonly args: Arguments
  readonly out: Terminal
  readonly clock: Clock
  /** The name of the cache. */
  readonly name: string
  readonly prefix: string
  /** Connects anew with each call. @throws Failure if the server cannot be reached. */
  connect(): Promise<Server>
}

/** One word after `larder`. */
export interface Command {
  readonly name: string
  readonly about: string
  /** What follows the name in the help, besides options. */
  readonly words: string
  /** Words that may follow the name, at least and at most. */
  readonly wordCount: readonly [least: number, most: number]
  readonly options: Options
  /** Lines that show how it is used. */
  readonly examples: readonly string[]
  /** Resolves to the exit code. */
  run(context: Context): Promise<number>
}
