import type { Command, Options } from './command'
import { commonOptions } from './options'
import { columns } from './text/columns'

/** The help of all commands. */
export function overview(commands: readonly Command[]): string[] {
  return [
    'Usage: larder COMMAND --name CACHE [--url redis://…] [--json]',
    '',
    'Commands:',
    ...columns(commands.map(({ name, about }) => [`  ${name}`, about])),
    '',
    'Options of every command:',
    ...optionLines(commonOptions),
    '',
    'Exit code: 0 when all is well, 1 when something failed, 2 when the command line cannot be meant.',
    'More about one: larder COMMAND --help',
  ]
}

/** The help of one command. */
export function helpOf({ name, words, about, options, examples }: Command): string[] {
  return [
    `Usage: larder ${[name, words].join(' ').trim()} [options]`,
    '',
    about,
    '',
    'Options:',
    ...optionLines({ ...options, ...commonOptions }),
    '',
    'Examples:',
    ...examples.map((line) => `  ${line}`),
  ]
}

function optionLines(options: Options): string[] {
  return columns(
    Object.entries(options).map(([name, { value, about }]) => [
      `  --${[name, value ?? ''].join(' ').trim()}`,
      about,
    ]),
  )
}
