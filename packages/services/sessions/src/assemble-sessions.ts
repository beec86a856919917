import { type Clock, createExpiringSet } from '@larder/core'
import { checkNewSession, requireTarget } from './check-arguments'
import { isUnavailable } from './is-unavailable'
import { openSession } from './open-session'
import { describeSessions } from './operations/describe-sessions'
import { createCallRecorder } from './record-calls'
import { toData, toFields } from './session-fields'
import { createId, handleOf, isId } from './session-id'
import { createLifecycle } from './session-lifecycle'
import { createSessionReader } from './session-reader'
import { parseStored, requireFitting } from './session-schema'
import type { Sessions, SessionsStats, UserSession } from './sessions'
import type { LocalSessionsOptions, SessionsOptions } from './sessions-options'
import type { ForeignSessions } from './store/connect-redis-sessions'
import { type SessionStore, type StoredSession, tombstoneLife } from './store/session-store'
import { createUserSessions } from './user-sessions'

interface AssembledParts<T extends object> {
  readonly store: SessionStore
  readonly clock: Clock
  readonly options: LocalSessionsOptions<T> & Pick<SessionsOptions, 'ifUnavailable' | 'migrateFrom'>
  readonly name: string
  /** Sessions that are taken over when they are asked for. */
  readonly foreign: ForeignSessions | undefined
  readCircuit(): SessionsStats['circuit']
  close(): void
}

/** Sessions that this process has ended and refuses by itself. */
const rememberedEnds = 10_000

/** Makes sessions of the store that keeps them. */
export function assembleSessions<T extends object>(assembled: AssembledParts<T>): Sessions<T> {
  const { name, store, clock, options, foreign } = assembled
  const { maxPerUser = 100, maxBytes = 65_536, ifUnavailable, migrateFrom, schema } = options
  const recorder = createCallRecorder(clock)
  const { count, measure } = recorder
  const ended = createExpiringSet(clock, rememberedEnds)
  const lifecycle = createLifecycle({
    store,
    maxPerUser,
    now: clock.now,
    onEnd: (handle) => ended.add(handle, tombstoneLife),
    onRevoked: () => count('revoked'),
  })
  const parts = { lifecycle, maxBytes, recorder, schema }
  const readStored = createSessionReader({ store, foreign, lifecycle, maxBytes, migrateFrom })
  const ofUsers = createUserSessions({ store, lifecycle, foreign })

  async function findSession(id: string, handle: string): Promise<StoredSession | undefined> {
    if (handle === '' || ended.has(handle)) return undefined
    try {
      return await measure('read', () => readStored(id, handle))
    } catch (error) {
      if (ifUnavailable === 'anonymous' && isUnavailable(error)) return undefined
      throw error
    }
  }

  async function revoke(target: string | UserSession): Promise<boolean> {
    const handle = await ofUsers.findHandle(target)
    if (typeof target === 'string') await foreign?.delete(target)
    return handle === undefined ? false : lifecycle.end(handle)
  }

  const close = async () => assembled.close()
  const sessions: Omit<Sessions<T>, 'service'> = {
    async create(data, given = {}) {
      const { id = createId(), user, label } = checkNewSession(given)
      const handle = handleOf(id)
      const fitting = schema === undefined ? data : await requireFitting(data, options)
      const fields = toFields(fitting, maxBytes)
      const hasNewHandle = given.id === undefined
      const begin = () => lifecycle.begin(handle, { user, label, createdAt: undefined, fields, hasNewHandle })
      const createdAt = await measure('create', begin)
      count('created')
      return openSession(parts, { id, handle, user, label, createdAt, fields })
    },
    async read(id) {
      const handle = isId(id) ? handleOf(id) : ''
      const stored = await findSession(id, handle)
      const isParsed = stored !== undefined && schema !== undefined
      const data = isParsed ? await parseStored(toData<T>(stored.fields), options) : undefined
      const isUnreadable = isParsed && data === undefined
      count(stored === undefined ? 'missing' : isUnreadable ? 'unreadable' : 'found')
      return stored === undefined || isUnreadable
        ? undefined
        : openSession(parts, { id, handle, ...stored }, data)
    },
    async revoke(target) {
      requireTarget(target)
      return measure('revoke', () => revoke(target))
    },
    revokeAll: (user, only) => measure('revoke', () => ofUsers.revokeAll(user, only)),
    listByUser: (user) => measure('list', () => ofUsers.listByUser(user)),
    schema,
    count: () => measure('count', store.count),
    stats: () => ({ ...recorder.readCounts(), circuit: assembled.readCircuit() }),
    close,
    [Symbol.asyncDispose]: close,
  }
  return { ...sessions, service: describeSessions(name, sessions, recorder.listen) }
}
