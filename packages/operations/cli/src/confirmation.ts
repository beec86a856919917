import type { CommandContext } from './command'
import { CommandError, UsageError } from './errors'
import { escapeUnprintable } from './text/printable'

/**
 * Refuses a command that needs a confirmation and cannot get one. Called before the server is.
 * @throws UsageError without `--yes`, if the input is not a terminal.
 */
export function requireConfirmable({ args, terminal }: CommandContext, commandLine: string): void {
  if (args.hasFlag('yes') || terminal.isInteractive) return
  throw new UsageError(
    `This needs a confirmation, and the input is not a terminal. Write: larder ${commandLine} --yes`,
  )
}

interface Confirmation {
  /** The consequence, as a sentence. */
  readonly consequence: string
  /** How the answer is asked for, such as `Type yes to confirm`. */
  readonly request: string
  readonly answer: string
}

/** Asks for the confirmation, unless `--yes` is given. @throws CommandError for any other answer. */
export async function requireConfirmation(
  { args, terminal }: CommandContext,
  { consequence, request, answer }: Confirmation,
): Promise<void> {
  if (args.hasFlag('yes')) return
  const given = await terminal.askQuestion(escapeUnprintable(`${consequence} ${request}: `))
  if (given.trim() !== answer)
    throw new CommandError(`The confirmation must be "${answer}". Nothing was invalidated.`)
}
