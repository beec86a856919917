import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type Duration, toMs } from '@larder/core'
import type { Command, Options } from './command'
import { UsageError } from './errors'
import { nearest } from './nearest'
import { commonOptions } from './options'

/** What was typed after `larder`, taken apart and checked. */
export interface Arguments {
  readonly words: readonly string[]
  flag(option: string): boolean
  text(option: string): string | undefined
  list(option: string): readonly string[]
  /** A whole number from 1. @throws UsageError for anything else. */
  count(option: string, otherwise: number): number
  /** Milliseconds. @throws UsageError for what is no duration. */
  duration(option: string): number | undefined
}

/** The command that was typed, undefined where there is none, and its arguments. */
export interface Parsed {
  readonly command: Command | undefined
  readonly args: Arguments
}

type Token = ReturnType<typeof parseArgs<ParseArgsConfig & { tokens: true }>>['tokens'][number]
type OptionToken = Extract<Token, { kind: 'option' }>

/** @throws UsageError that says what to write instead. */
export function parse(argv: readonly string[], commands: readonly Command[]): Parsed {
  const every: Options = Object.assign({}, ...commands.map(({ options }) => options), commonOptions)
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(Object.entries(every).map(([name, { type }]) => [name, { type }])),
    strict: false,
    tokens: true,
  })
  const [first, ...words] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  const command = first === undefined ? undefined : commandOf(first, commands)
  const known = command === undefined ? every : { ...command.options, ...commonOptions }
  const values = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'option')
      values.set(token.name, [...(values.get(token.name) ?? []), textOf(token, known, command)])
  }
  const args = argumentsOf(words, values)
  if (command !== undefined && !args.flag('help')) checkWords(words, command)
  return { command, args }
}

function commandOf(word: string, commands: readonly Command[]): Command {
  const found = commands.find(({ name }) => name === word)
  if (found !== undefined) return found
  const names = commands.map(({ name }) => name)
  const meant = nearest(word, names)
  const hint = meant === undefined ? `There are: ${names.join(', ')}.` : `Did you mean: larder ${meant}`
  throw new UsageError(`There is no command "${word}". ${hint}`)
}

function textOf(token: OptionToken, known: Options, command: Command | undefined): string {
  const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined
  if (option === undefined) throw unknownOption(token, known, command)
  if (option.type === 'boolean') {
    if (token.value === undefined) return ''
    throw new UsageError(`--${token.name} takes no value. Write: --${token.name}`)
  }
  if (token.value === undefined) throw new UsageError(`Write: --${token.name} ${option.value}`)
  // Most likely the value was forgotten, and what follows is the next option.
  if (!token.inlineValue && token.value.startsWith('-'))
    throw new UsageError(
      `--${token.name} needs a value. Write: --${token.name} ${option.value}, or --${token.name}=${token.value}`,
    )
  return token.value
}

function unknownOption(token: OptionToken, known: Options, command: Command | undefined): UsageError {
  const meant = nearest(token.name, Object.keys(known))
  const help = `larder${command === undefined ? '' : ` ${command.name}`} --help`
  const hint = meant === undefined ? `See: ${help}` : `Did you mean: --${meant}`
  return new UsageError(`There is no option ${token.rawName} here. ${hint}`)
}

function checkWords(words: readonly string[], { name, words: usage, wordCount }: Command): void {
  const [least, most] = wordCount
  if (words.length >= least && words.length <= most) return
  const problem = words.length < least ? 'Something is missing' : `"${words[most]}" is too much`
  throw new UsageError(`${problem}. Write: larder ${[name, usage].join(' ').trim()}`)
}

function argumentsOf(words: readonly string[], values: ReadonlyMap<string, readonly string[]>): Arguments {
  const text = (option: string) => values.get(option)?.at(-1)
  return {
    words,
    text,
    flag: (option) => values.has(option),
    list: (option) => values.get(option) ?? [],
    count(option, otherwise) {
      const written = text(option)
      if (written === undefined) return otherwise
      const count = /^\d{1,15}$/.test(written) ? Number(written) : 0
      if (count >= 1) return count
      throw new UsageError(`--${option} is a whole number from 1. Write: --${option} ${otherwise}`)
    },
    duration(option) {
      const written = text(option)
      if (written === undefined) return undefined
      try {
        return toMs(written as Duration, option)
      } catch {
        throw new UsageError(`--${option} is a duration. Write: --${option} 30s`)
      }
    },
  }
}
