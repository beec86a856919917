import { type Cache, LarderError } from '@larder/core'

/** Failures of one operation with one message. */
interface LastError {
  /** The operation that failed, with its store: `redis set`, `connection`, `follow`. */
  readonly operation: string
  /** The message of the error in the words of the store, such as `Redis: OOM command not allowed…`, and of its causes. */
  readonly message: string
  /** The code of a LarderError, or that of Node, such as `ECONNREFUSED`. */
  readonly code: string | undefined
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
}

export interface ErrorLog {
  /** The groups, the one that failed last first. */
  listNewest(): LastError[]
}

/** Distinct failures that are remembered. An outage has a few; a message with a number in it has any number. */
const maxGroups = 50
const maxMessageLength = 1_000

/** Remembers the failures that reach no caller, grouped by operation and message, and forgets the one not seen for longest. */
export function createErrorLog(cache: Pick<Cache, 'on'>): ErrorLog {
  /** In the order of their latest failure. */
  const groups = new Map<string, LastError>()

  cache.on('error', ({ operation, error }) => {
    const message = describeError(error)
    const id = `${operation}\n${message}`
    const now = new Date()
    const { firstAt, count } = groups.get(id) ?? { firstAt: now, count: 0 }
    groups.delete(id)
    groups.set(id, { operation, message, code: codeOf(error), count: count + 1, firstAt, lastAt: now })
    const [oldest] = groups.keys()
    if (groups.size > maxGroups && oldest !== undefined) groups.delete(oldest)
  })

  return { listNewest: () => [...groups.values()].reverse() }
}

/** The messages of an error and of its causes. Node gives a refused connection to several addresses no message. */
function describeError(thrown: unknown): string {
  return collectMessages(thrown, 3).join(': ').slice(0, maxMessageLength)
}

function collectMessages(thrown: unknown, depth: number): string[] {
  if (!(thrown instanceof Error))
    return [typeof thrown === 'string' ? thrown : 'a thrown value without a message']
  const parts = thrown instanceof AggregateError ? thrown.errors : [thrown.cause ?? []].flat()
  const nested = depth === 0 ? [] : parts.flatMap((part) => collectMessages(part, depth - 1))
  const own = thrown.message || (nested.length === 0 ? (codeOf(thrown) ?? thrown.name) : '')
  return [...new Set([own, ...nested].filter((message) => message !== ''))]
}

function codeOf(thrown: unknown): string | undefined {
  if (thrown instanceof LarderError) return thrown.code
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' ? code : undefined
}
