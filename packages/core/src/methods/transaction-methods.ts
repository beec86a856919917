import { createArgumentLists } from '../arguments/argument-list'
import { requireFunction } from '../arguments/check-arguments'
import { checkOptions } from '../arguments/check-options'
import { hasAsyncScopes } from '../async-scope'
import { isRolledBack, runTransaction } from '../compute/transactions'
import type { Cache } from '../contracts/cache'
import { copySignature } from '../copy-signature'
import type { TagNames } from '../entry/tag-names'
import { LarderError } from '../errors'
import type { TransactionOptions } from '../options'
import { transactionOptionTable } from './option-tables'
import type { CacheScope } from './scope'

type TransactionMethods = Pick<Cache, 'transaction' | 'beginTransaction' | 'afterCommit'>

/** The methods of a cache that follow database transactions. */
export function createTransactionMethods({ engine }: CacheScope): TransactionMethods {
  const { transactions, recorder } = engine

  return {
    async transaction(work, options) {
      requireFunction('transaction', work, 'cache.transaction(() => database.transaction(work))')
      checkOptions('transaction', options, transactionOptionTable)
      requireAsyncScopes('transaction')
      const onError = (error: unknown) => recorder.error('transaction', error)
      return runTransaction(transactions.beginTransaction(), work, onError, options)
    },
    beginTransaction() {
      const transaction = transactions.beginTransaction()
      return {
        ...transaction,
        run(work) {
          requireFunction('beginTransaction().run', work, 'transaction.run(() => database.query(text))')
          requireAsyncScopes('beginTransaction().run')
          return transaction.run(work)
        },
      }
    },
    async afterCommit(work) {
      requireFunction('afterCommit', work, 'cache.afterCommit(() => sendMail())')
      /** The transaction has committed: a failure afterwards must not look like one of it. */
      async function runReporting(): Promise<void> {
        try {
          await work()
        } catch (error) {
          recorder.error('afterCommit', error)
        }
      }
      const isDeferred = transactions.deferWork({ onCommit: runReporting, onDoubt: () => undefined })
      if (!isDeferred) await work()
    },
  }
}

/** @throws LarderError `NO_ASYNC_CONTEXT`: otherwise the invalidations inside would not wait for the commit. */
function requireAsyncScopes(caller: string): void {
  if (hasAsyncScopes()) return
  throw new LarderError(
    'NO_ASYNC_CONTEXT',
    `${caller} needs AsyncLocalStorage, which this runtime lacks: Node.js has it from 20.16 on, Cloudflare Workers with the flag nodejs_compat. Without it, invalidate after the commit: await database.transaction(work), then await cache.invalidate(tags).`,
  )
}

type Fn = (this: never, ...args: never[]) => unknown

/** The parts of a cache that a wrapped write needs. */
interface WriteTarget {
  invalidateTags(tags: TagNames): Promise<unknown>
  /** A failure that must not hide the function's own error, which the caller gets. */
  onError(error: unknown): void
}

/** Makes a function invalidate tags after each call, also after one that fails: it may have written before that. */
export function wrapWriteFunction<F extends Fn>(
  { invalidateTags, onError }: WriteTarget,
  fn: F,
  tags: (args: Parameters<F>, result: Awaited<ReturnType<F>> | undefined) => TagNames,
  options: TransactionOptions = {},
): (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>> {
  const toTagArguments = createArgumentLists('The second argument of wrapWrite')

  async function invalidateFor(
    args: Parameters<F>,
    result: Awaited<ReturnType<F>> | undefined,
  ): Promise<void> {
    await invalidateTags(tags(toTagArguments([...args]) as Parameters<F>, result))
  }

  async function writeAndInvalidate(this: ThisParameterType<F>, ...args: Parameters<F>) {
    let result: unknown
    try {
      result = await fn.apply(this as never, args)
    } catch (error) {
      if (!isRolledBack(options, error)) await invalidateFor(args, undefined).catch(onError)
      throw error
    }
    await invalidateFor(args, result as never)
    return result as never
  }
  return copySignature(writeAndInvalidate, fn)
}
