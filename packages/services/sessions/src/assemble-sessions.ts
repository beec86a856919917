import { type Clock, createExpiringSet } from '@larder/core'
import { checkNewSession, requireTarget } from './check-arguments'
import { openSession } from './open-session'
import { toFields } from './session-fields'
import { createId, handleOf, isId, requireUser } from './session-id'
import { createLifecycle } from './session-lifecycle'
import type { Sessions, SessionsStats, SessionView, UserSession } from './sessions'
import type { LocalSessionsOptions, SessionsOptions } from './sessions-options'
import { type SessionRecord, type SessionStore, tombstoneLife } from './store/session-store'

interface AssembledParts {
  readonly store: SessionStore
  readonly clock: Clock
  readonly options: LocalSessionsOptions & Pick<SessionsOptions, 'ifUnavailable'>
  readCircuit(): SessionsStats['circuit']
  close(): void
}

/** Sessions that this process has ended and refuses by itself. */
const rememberedEnds = 10_000

/** Makes sessions of the store that keeps them. */
export function assembleSessions<T extends object>(assembled: AssembledParts): Sessions<T> {
  const { store, clock, options } = assembled
  const { maxPerUser = 100, maxBytes = 65_536, ifUnavailable = 'deny' } = options
  const counts = {
    created: 0,
    found: 0,
    missing: 0,
    saved: 0,
    conflicts: 0,
    renewed: 0,
    revoked: 0,
    unavailable: 0,
  }
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

  async function readStored(handle: string) {
    try {
      return await store.read(handle)
    } catch (error) {
      counts.unavailable += 1
      if (ifUnavailable === 'anonymous') return undefined
      throw error
    }
  }

  /** The handle to end; undefined if there is no such session of this user. */
  async function findHandle(target: string | UserSession): Promise<string | undefined> {
    if (typeof target === 'string') return isId(target) ? handleOf(target) : undefined
    const [record] = await store.inspect([target.handle])
    return record?.user === target.user ? target.handle : undefined
  }

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
      const stored = handle === '' || ended.has(handle) ? undefined : await readStored(handle)
      counts[stored === undefined ? 'missing' : 'found'] += 1
      return stored === undefined ? undefined : openSession(parts, { id, handle, ...stored })
    },
    async revoke(target) {
      const handle = await findHandle(requireTarget(target))
      return handle === undefined ? false : lifecycle.end(handle)
    },
    async revokeAll(user, { except } = {}) {
      const handles = await store.handlesOf(requireUser('revokeAll', user))
      const kept = except === undefined ? undefined : handleOf(except)
      return lifecycle.endOfUser(
        user,
        handles.filter((handle) => handle !== kept),
      )
    },
    async listByUser(user) {
      const handles = await store.handlesOf(requireUser('listByUser', user))
      const records = await store.inspect(handles)
      return handles
        .flatMap((handle, at) => {
          const record = records[at]
          return record === undefined ? [] : [toView(handle, record)]
        })
        .sort((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime())
    },
    stats: () => ({ ...counts, circuit: assembled.readCircuit() }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function toView(handle: string, { label, createdAt, lastUsedAt }: SessionRecord): SessionView {
  return { handle, label, createdAt: new Date(createdAt), lastUsedAt: new Date(lastUsedAt) }
}
