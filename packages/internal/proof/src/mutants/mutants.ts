import { forgettingMutants } from './forgetting-mutants'
import { historyMutants } from './history-mutants'
import { linkMutants } from './link-mutants'
import { logMutants } from './log-mutants'
import type { Mutant } from './mutant'
import { readMutants } from './read-mutants'
import { scopeMutants } from './scope-mutants'

/** Each mutant removes one thing that the consistency guarantee depends on. */
export const mutants: readonly Mutant[] = [
  ...readMutants,
  ...logMutants,
  ...linkMutants,
  ...historyMutants,
  ...scopeMutants,
  ...forgettingMutants,
]
