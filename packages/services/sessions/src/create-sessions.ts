import { systemClock } from '@larder/core'
import { createThrottledWarning, openGuardedConnection, serviceNamesOf } from '@larder/redis/kit'
import { assembleSessions } from './assemble-sessions'
import type { Sessions } from './sessions'
import {
  checkLocalOptions,
  checkSessionsOptions,
  type LocalSessionsOptions,
  type SessionsOptions,
} from './sessions-options'
import { createConnectRedisSessions } from './store/connect-redis-sessions'
import { createMemorySessions } from './store/memory-sessions'
import { createRedisSessions } from './store/redis-sessions'
import { repeatEnds } from './store/repeat-ends'

/**
 * Creates sessions that all processes share on Redis 7.0 or newer. One that has ended never comes back, whatever requests
 * still hold it, and requests that change different fields at the same time lose nothing.
 *
 * @example
 * ```ts
 * const sessions = createSessions({ name: 'shop', url: 'redis://127.0.0.1:6379' })
 * const { id } = await sessions.create({ cart: [] }, { user: 'user:42' })
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead.
 */
export function createSessions<T extends object = Record<string, unknown>>(
  options: SessionsOptions<T>,
): Sessions<T> {
  const times = checkSessionsOptions('createSessions', options)
  const {
    name,
    prefix = 'larder',
    clock,
    onConflict = 'last',
    client,
    url,
    storeTimeout,
    circuitPause,
  } = options
  const redis = openGuardedConnection({
    caller: 'createSessions',
    client,
    url,
    storeTimeout,
    circuitPause,
    clock,
    onError: options.onError ?? createThrottledWarning(`Sessions "${name}"`, 'LARDER_SESSIONS_AWAY'),
  })
  const warnOfRestore = createThrottledWarning(`Sessions "${name}"`, 'LARDER_SESSIONS_RESTORED')
  const onRestored = () =>
    warnOfRestore('the server has old data: from a snapshot or a backup. Everybody is logged out.')
  const names = serviceNamesOf(prefix, 'session', name)
  const shared = createRedisSessions({ redis, names, times, onConflict, clock, onRestored })
  const { store, cancel } = repeatEnds(shared.store, clock ?? systemClock)
  const { migrateFrom } = options
  return assembleSessions({
    name,
    store,
    clock: clock ?? systemClock,
    options,
    foreign: migrateFrom && createConnectRedisSessions({ redis, prefix: migrateFrom.prefix, names }),
    readCircuit: () => redis.circuit,
    close() {
      cancel()
      shared.cancel()
      redis.close()
    },
  })
}

/**
 * Creates sessions that live in this process only, by the same rules: for tests and for development. A restart ends them.
 *
 * @example
 * ```ts
 * const sessions = createLocalSessions({ idle: '1h' })
 * ```
 * @throws LarderError `BAD_OPTION` or `BAD_DURATION` that says what to write instead.
 */
export function createLocalSessions<T extends object = Record<string, unknown>>(
  options: LocalSessionsOptions<T> = {},
): Sessions<T> {
  const times = checkLocalOptions('createLocalSessions', options)
  const { clock = systemClock, onConflict = 'last' } = options
  return assembleSessions({
    name: 'local',
    store: createMemorySessions({ clock, times, onConflict }),
    clock,
    options,
    foreign: undefined,
    readCircuit: () => 'closed',
    close: () => undefined,
  })
}
