import type { Transaction } from '../contracts/transaction'
import type { TransactionOptions } from '../options'

/** Runs `work` as the whole of a transaction. Deferred work is run before it settles. */
export async function runTransaction<T>(
  transaction: Transaction,
  work: () => T | PromiseLike<T>,
  options: TransactionOptions = {},
): Promise<T> {
  let result: T
  try {
    result = await transaction.run(work)
  } catch (error) {
    const endFailed = isRolledBack(options, error) ? transaction.rollback : transaction.inDoubt
    await endFailed().catch(() => undefined)
    throw error
  }
  await transaction.commit()
  return result
}

/** Whether the failure proves that nothing was committed. A proof that itself fails is none. */
export function isRolledBack({ rolledBack }: TransactionOptions, error: unknown): boolean {
  try {
    return rolledBack?.(error) === true
  } catch {
    return false
  }
}
