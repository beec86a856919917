import {
  anyKind,
  type Cache,
  checkOptions,
  countKind,
  functionKind,
  nameKind,
  type OptionTable,
  type WarmOptions,
  type WarmReport,
  type WarmTask,
} from '@larder/core'
import { checkCache } from './check-cache'
import { createSemaphore, type Semaphore } from './semaphore'
import { markHandled, type Warming } from './warming'

type Tasks = Iterable<WarmTask> | AsyncIterable<WarmTask>

/** Returns the tasks that warm the entries a user will probably need. */
export type UserTasks = (userId: string) => Tasks | Promise<Tasks>

/** Options of {@link warmForUser}. */
export interface WarmForUserOptions extends Pick<WarmOptions, 'concurrency' | 'onProgress'> {
  /** Maximum number of users of this cache that are warmed concurrently; others are queued. @defaultValue 10 */
  readonly maxUsers?: number | undefined
  /**
   * Maximum number of queued users. Beyond it a call runs no tasks, and its report has `wasStopped: true`.
   * @defaultValue 1_000
   */
  readonly maxWaiting?: number | undefined
}

const optionTable: OptionTable<WarmForUserOptions> = {
  maxUsers: countKind,
  maxWaiting: countKind,
  // Checked by `warm` of the cache.
  concurrency: anyKind,
  onProgress: anyKind,
}
const tasksKind = functionKind('(id) => [() => cart.refresh(id)]')

/** The warm-ups in progress for the users of one cache. */
interface UserWarmings {
  readonly byUser: Map<string, Warming<WarmReport>>
  readonly semaphore: Semaphore
}

const warmingsByCache = new WeakMap<object, UserWarmings>()

const stoppedReport: WarmReport = { done: 0, failed: 0, failures: [], duration: 0, wasStopped: true }

/**
 * Warms the cache for one user, for example at login. While that is in progress, further calls for the same user share it,
 * and each of them can stop it. `done` rejects with an error of `tasksOf`.
 *
 * @example
 * ```ts
 * warmForUser(cache, user.id, (id) => [() => cart.refresh(id), () => profile.refresh(id)])
 * ```
 * @throws LarderError `BAD_OPTION` for a bound that is not a positive integer.
 */
export function warmForUser(
  cache: Pick<Cache, 'warm'>,
  userId: string,
  tasksOf: UserTasks,
  options: WarmForUserOptions = {},
): Warming<WarmReport> {
  checkCache('warmForUser', cache, 'warm')
  nameKind(userId, 'warmForUser: the id of the user')
  tasksKind(tasksOf, 'warmForUser: the third argument')
  checkOptions('warmForUser', options, optionTable)
  const { maxUsers = 10, maxWaiting = 1_000, concurrency, onProgress } = options
  const { byUser, semaphore } = warmingsOf(cache)
  const existing = byUser.get(userId)
  if (existing !== undefined) return existing
  const controller = new AbortController()
  const { signal } = controller

  async function runTasks(): Promise<WarmReport> {
    if (semaphore.waitingCount >= maxWaiting || !(await semaphore.acquire(maxUsers, signal)))
      return stoppedReport
    try {
      return await cache.warm(await tasksOf(userId), { concurrency, onProgress, signal })
    } finally {
      semaphore.release()
    }
  }

  const done = markHandled(runTasks().finally(() => byUser.delete(userId)))
  const warming = { stop: () => controller.abort(), done }
  byUser.set(userId, warming)
  return warming
}

function warmingsOf(cache: object): UserWarmings {
  const warmings = warmingsByCache.get(cache) ?? { byUser: new Map(), semaphore: createSemaphore() }
  warmingsByCache.set(cache, warmings)
  return warmings
}
