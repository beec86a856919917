import type { Cache, WarmOptions, WarmReport, WarmTask } from '@larder/core'
import { requireCount } from './count'
import { createPlaces, type Places } from './places'
import { unwatched, type Warming } from './warming'

type Tasks = Iterable<WarmTask> | AsyncIterable<WarmTask>

/** What a user will probably need. */
export type UserTasks = (userId: string) => Tasks | Promise<Tasks>

/** Options of {@link warmForUser}. */
export interface WarmForUserOptions extends Pick<WarmOptions, 'concurrency' | 'onProgress'> {
  /** Users of this cache that are warmed for at the same time at most; others wait in line. @defaultValue 10 */
  readonly maxUsers?: number | undefined
  /** Users in the line at most; beyond it nothing is done, and the report says stopped. @defaultValue 1_000 */
  readonly maxWaiting?: number | undefined
}

/** What a cache is being warmed for. */
interface Users {
  readonly warmings: Map<string, Warming<WarmReport>>
  readonly places: Places
}

const usersOf = new WeakMap<object, Users>()

const nothingDone: WarmReport = { done: 0, failed: 0, failures: [], duration: 0, wasStopped: true }

/**
 * Warms for one user, say at login. While that goes on, further calls for the same user share it, and each of them can
 * stop it. `done` rejects with what `tasksOf` throws.
 * @throws LarderError `BAD_OPTION` for bounds that are no whole numbers above 0.
 */
export function warmForUser(
  cache: Pick<Cache, 'warm'>,
  userId: string,
  tasksOf: UserTasks,
  options: WarmForUserOptions = {},
): Warming<WarmReport> {
  const { maxUsers = 10, maxWaiting = 1_000, concurrency, onProgress } = options
  requireCount(maxUsers, 'maxUsers')
  requireCount(maxWaiting, 'maxWaiting')
  const { warmings, places } = usersOn(cache)
  const known = warmings.get(userId)
  if (known !== undefined) return known
  const controller = new AbortController()
  const { signal } = controller

  async function run(): Promise<WarmReport> {
    if (places.waiting >= maxWaiting || !(await places.take(maxUsers, signal))) return nothingDone
    try {
      return await cache.warm(await tasksOf(userId), { concurrency, onProgress, signal })
    } finally {
      places.giveBack()
    }
  }

  const done = unwatched(run().finally(() => warmings.delete(userId)))
  const warming = { stop: () => controller.abort(), done }
  warmings.set(userId, warming)
  return warming
}

function usersOn(cache: object): Users {
  const users = usersOf.get(cache) ?? { warmings: new Map(), places: createPlaces() }
  usersOf.set(cache, users)
  return users
}
