import type { Invalidated } from '@larder/core'
import { CommandError } from './errors'

/**
 * The token of the last invalidation.
 * @throws CommandError if one did not reach the log. This process cannot retry it later, because it ends with the command.
 */
export function appliedTokenOf(results: readonly Invalidated[]): string {
  const token = results.at(-1)?.token
  if (token !== undefined && results.every(({ outcome }) => outcome === 'applied')) return token
  throw new CommandError(
    'The log did not answer, so the invalidation may or may not be in force. Run the command again.',
  )
}
