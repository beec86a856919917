import type { LiveState, LoggedError } from './live-state'

/** For so long an error may be why something is wrong, in ms. */
const recent = 60_000

/** The last error, with the time since then, in ms. */
export interface LastError extends LoggedError {
  readonly age: number
  readonly isRecent: boolean
}

/** Undefined if there was no error. */
export function findLastError({ at, lastError }: LiveState): LastError | undefined {
  if (lastError === undefined) return undefined
  const age = Math.max(0, Date.parse(at) - Date.parse(lastError.lastAt))
  return { ...lastError, age, isRecent: age <= recent }
}
