/** The command line is invalid; the message says what to write instead. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The command failed; the message says why, and what to do. Exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
