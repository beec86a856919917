/** What was typed cannot be meant; the message says what to write instead. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The command could not do its work; the message says why, and what to do. Exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure'
}
