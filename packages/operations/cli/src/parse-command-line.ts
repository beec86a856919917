import { type ParseArgsConfig, parseArgs } from 'node:util'
import { findNearestName } from '@larder/core'
import { type Arguments, createArguments } from './arguments'
import type { Command } from './command'
import { UsageError } from './errors'
import { commonOptions, type Options } from './options'

/** A command line, parsed and checked. */
interface CommandLine {
  /** Undefined if no command was given. */
  readonly command: Command | undefined
  readonly args: Arguments
}

type Token = ReturnType<typeof parseArgs<ParseArgsConfig & { tokens: true }>>['tokens'][number]
type OptionToken = Extract<Token, { kind: 'option' }>

/**
 * Parses the words after `larder`. Options may stand before and after the command.
 * @throws UsageError whose message says what to write instead.
 */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): CommandLine {
  const allOptions: Options = Object.assign({}, ...commands.map(({ options }) => options), commonOptions)
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(Object.entries(allOptions).map(([name, { type }]) => [name, { type }])),
    strict: false,
    tokens: true,
  })
  const [first, ...operands] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  const command = first === undefined ? undefined : findCommand(first, commands)
  const known = command === undefined ? allOptions : { ...command.options, ...commonOptions }
  const values = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'option')
      values.set(token.name, [...(values.get(token.name) ?? []), optionValue(token, known, command)])
  }
  const args = createArguments(operands, values)
  if (command !== undefined && !args.hasFlag('help')) checkOperandCount(operands, command)
  return { command, args }
}

/** Names that the API of a cache, Redis and other tools have for a command. */
const otherNames: Readonly<Record<string, string | undefined>> = {
  advice: 'advise',
  check: 'doctor',
  del: 'invalidate',
  delete: 'invalidate',
  explain: 'get',
  flush: 'clear',
  health: 'doctor',
  info: 'stats',
  list: 'keys',
  ls: 'keys',
  monitor: 'watch',
  ping: 'doctor',
  scan: 'keys',
  top: 'watch',
}

function findCommand(word: string, commands: readonly Command[]): Command {
  const found = commands.find(({ name }) => name === word)
  if (found !== undefined) return found
  const names = commands.map(({ name }) => name)
  const suggestion = otherNames[word] ?? findNearestName(word, names)
  const hint =
    suggestion === undefined ? `The commands are: ${names.join(', ')}.` : `Did you mean: larder ${suggestion}`
  throw new UsageError(`Unknown command "${word}". ${hint}`)
}

function optionValue(token: OptionToken, known: Options, command: Command | undefined): string {
  const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined
  if (option === undefined) throw unknownOption(token, known, command)
  if (option.type === 'boolean') {
    if (token.value === undefined) return ''
    throw new UsageError(`--${token.name} takes no value. Write: --${token.name}`)
  }
  if (token.value === undefined)
    throw new UsageError(`--${token.name} needs a value. Write: --${token.name} ${option.placeholder}`)
  // `--pattern --all`: most likely the value was forgotten, and `--all` is the next option.
  if (!token.inlineValue && token.value.startsWith('-'))
    throw new UsageError(
      `--${token.name} needs a value. Write: --${token.name} ${option.placeholder}, or --${token.name}=${token.value}`,
    )
  return token.value
}

function unknownOption(token: OptionToken, known: Options, command: Command | undefined): UsageError {
  const suggestion = findNearestName(token.name, Object.keys(known))
  const program = command === undefined ? 'larder' : `larder ${command.name}`
  const hint = suggestion === undefined ? `See: ${program} --help` : `Did you mean: --${suggestion}`
  return new UsageError(`${program} has no option ${token.rawName}. ${hint}`)
}

function checkOperandCount(operands: readonly string[], command: Command): void {
  const [min, max] = command.operandCount
  if (operands.length >= min && operands.length <= max) return
  const problem = operands.length < min ? 'An argument is missing' : `Unexpected argument "${operands[max]}"`
  throw new UsageError(`${problem}. Write: larder ${[command.name, command.operands].join(' ').trim()}`)
}
