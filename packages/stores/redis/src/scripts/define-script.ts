import { createHash } from 'node:crypto'
import type { CommandArgument } from '../client'

/** One run of a script, with its arguments in the order in which Redis takes them. */
export interface ScriptCall {
  readonly text: string
  /** The SHA-1 digest of the text, by which Redis caches scripts. */
  readonly sha: string
  readonly keys: readonly string[]
  readonly args: readonly CommandArgument[]
}

/** A Lua script with named keys and arguments. */
export interface Script<Key extends string, Argument extends string> {
  /** A call with a value for each name, with the values of `rest` after the arguments, and with `restKeys` after the keys. */
  callWith(
    values: Readonly<Record<Key, string>> & Readonly<Record<Argument, CommandArgument>>,
    rest?: readonly CommandArgument[],
    restKeys?: readonly string[],
  ): ScriptCall
}

/** The definition of a script. Names are in camel case here, and in snake case in Lua: `pageSize` is `page_size`. */
interface ScriptDefinition<Key extends string, Argument extends string> {
  /** Keys that the script uses. On a Cluster they must share a slot. */
  readonly keys: readonly Key[]
  readonly args: readonly Argument[]
  /** Whether Redis runs the script although its memory is full. */
  readonly allowsOom?: boolean
  /** Lua. Each name is a local variable with its text; `rest_start` is the index in ARGV after the last named argument. */
  readonly body: string
}

/**
 * Defines a Lua script.
 *
 * @example
 * ```ts
 * const setOnce = defineScript({ keys: ['entry'], args: ['bytes'], body: "return redis.call('SET', entry, bytes, 'NX')" })
 * await connection.runScript(setOnce.callWith({ entry: 'k', bytes: 'v' }))
 * ```
 */
export function defineScript<const Key extends string, const Argument extends string>({
  keys,
  args,
  allowsOom = false,
  body,
}: ScriptDefinition<Key, Argument>): Script<Key, Argument> {
  const text = [
    allowsOom ? '#!lua flags=allow-oom' : '#!lua',
    ...keys.map((name, index) => `local ${toSnakeCase(name)} = KEYS[${index + 1}]`),
    ...args.map((name, index) => `local ${toSnakeCase(name)} = ARGV[${index + 1}]`),
    `local rest_start = ${args.length + 1}`,
    body,
  ].join('\n')
  const sha = createHash('sha1').update(text).digest('hex')
  return {
    callWith: (values, rest = [], restKeys = []) => ({
      text,
      sha,
      keys: [...keys.map((name) => values[name]), ...restKeys],
      args: [...args.map((name) => values[name]), ...rest],
    }),
  }
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
