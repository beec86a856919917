import type { Command } from './command'
import { commonOptions, type Options } from './options'
import { alignColumns } from './text/align-columns'

/** The lines of `larder --help`. */
export function formatOverview(commands: readonly Command[]): string[] {
  return [
    'Usage: larder COMMAND --name CACHE [--url redis://…] [--json]',
    '',
    'Commands:',
    ...alignColumns(commands.map(({ name, description }) => [`  ${name}`, description])),
    '',
    'Options of every command:',
    ...formatOptions(commonOptions),
    '',
    'Exit code: 0 for success, 1 if the command failed, 2 if the command line is invalid.',
    'Help for one command: larder COMMAND --help',
  ]
}

/** The lines of `larder COMMAND --help`. */
export function formatCommandHelp({ name, operands, description, options, examples }: Command): string[] {
  return [
    `Usage: larder ${[name, operands].join(' ').trim()} [options]`,
    '',
    description,
    '',
    'Options:',
    ...formatOptions({ ...options, ...commonOptions }),
    '',
    'Examples:',
    ...examples.map((line) => `  ${line}`),
  ]
}

function formatOptions(options: Options): string[] {
  return alignColumns(
    Object.entries(options).map(([name, { placeholder, description }]) => [
      `  --${[name, placeholder ?? ''].join(' ').trim()}`,
      description,
    ]),
  )
}
