import { type Clock, createExpiringSet } from '@larder/core'
import { checkNewSession, requireTarget } from './check-arguments'
import { openSession } from './open-session'
import { toFields } from './session-fields'
import { createId, handleOf, isId } from './session-id'
import { createLifecycle } from './session-lifecycle'
import { createSessionReader } from './session-reader'
import type { Sessions, SessionsStats } from './sessions'
import type { LocalSessionsOptions, SessionsOptions } from './sessions-options'
import type { ForeignSessions } from './store/connect-redis-sessions'
import { type SessionStore, tombstoneLife } from './store/session-store'
import { createUserSessions } from './user-sessions'

interface AssembledParts {
  readonly store: SessionStore
  readonly clock: Clock
  readonly options: LocalSessionsOptions & Pick<SessionsOptions, 'ifUnavailable' | 'migrateFrom'>
  /** Sessions that are taken over when they are asked for. */
  readonly foreign: ForeignSessions | undefined
  readCircuit(): SessionsStats['circuit']
  close(): void
}

/** Sessions that this process has ended and refuses by itself. */
const rememberedEnds = 10_000

/** Makes sessions of the store that keeps them. */
export function assembleSessions<T extends object>(assembled: AssembledParts): Sessions<T> {
  const { store, clock, options, foreign } = assembled
  const { maxPerUser = 100, maxBytes = 65_536 } = options
  const counts = createCounts()
  const ended = createExpiringSet(clock, rememberedEnds)
  const lifecycle = createLifecycle({
    store,
    maxPerUser,
    now: clock.now,
    onEnd: (handle) => ended.add(handle, tombstoneLife),
    onRevoked() {
      counts.revoked += 1
    },
  })
  const parts = {
    lifecycle,
    maxBytes,
    count: (event: 'saved' | 'conflicts' | 'renewed') => {
      counts[event] += 1
    },
  }

  const readStored = createSessionReader({
    store,
    foreign,
    lifecycle,
    maxBytes,
    options,
    onUnavailable() {
      counts.unavailable += 1
    },
  })

  const ofUsers = createUserSessions(store, lifecycle)
  const close = async () => assembled.close()
  return {
    async create(data, given = {}) {
      const { id = createId(), user, label } = checkNewSession(given)
      const handle = handleOf(id)
      const fields = toFields(data, maxBytes)
      const createdAt = await lifecycle.begin(handle, { user, label, createdAt: undefined, fields })
      counts.created += 1
      return openSession(parts, { id, handle, user, label, createdAt, fields })
    },
    async read(id) {
      const handle = isId(id) ? handleOf(id) : ''
      const stored = handle === '' || ended.has(handle) ? undefined : await readStored(id, handle)
      counts[stored === undefined ? 'missing' : 'found'] += 1
      return stored === undefined ? undefined : openSession(parts, { id, handle, ...stored })
    },
    async revoke(target) {
      const handle = await ofUsers.findHandle(requireTarget(target))
      if (typeof target === 'string') await foreign?.delete(target)
      return handle === undefined ? false : lifecycle.end(handle)
    },
    revokeAll: ofUsers.revokeAll,
    listByUser: ofUsers.listByUser,
    stats: () => ({ ...counts, circuit: assembled.readCircuit() }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const createCounts = () => ({
  created: 0,
  found: 0,
  missing: 0,
  saved: 0,
  conflicts: 0,
  renewed: 0,
  revoked: 0,
  unavailable: 0,
})
