import { handleOf, isHandle, isId, requireUser } from './session-id'
import type { SessionLifecycle } from './session-lifecycle'
import type { RevokeAllOptions, SessionView, UserSession } from './sessions'
import type { ForeignSessions } from './store/connect-redis-sessions'
import type { SessionRecord, SessionStore } from './store/session-store'

interface UserSessionsOptions {
  readonly store: SessionStore
  readonly lifecycle: SessionLifecycle
  /** Sessions that are taken over when they are asked for. */
  readonly foreign: ForeignSessions | undefined
}

/** Finds, lists and ends the sessions of users. */
export function createUserSessions({ store, lifecycle, foreign }: UserSessionsOptions) {
  async function listHandles(user: string): Promise<readonly string[]> {
    return (await store.listOfUser(user)).map(({ handle }) => handle)
  }

  return {
    /** The handle of an id, or of a session that is this user's. */
    async findHandle(target: string | UserSession): Promise<string | undefined> {
      if (typeof target === 'string') return isId(target) ? handleOf(target) : undefined
      if (!isHandle(target.handle)) return undefined
      const [record] = await store.inspect([target.handle])
      return record?.user === target.user ? target.handle : undefined
    },

    async revokeAll(user: string, { except }: RevokeAllOptions = {}): Promise<number> {
      requireUser('revokeAll', user)
      await foreign?.refuseAll(user)
      const handles = await listHandles(user)
      const kept = except === undefined ? undefined : handleOf(except)
      return lifecycle.endOfUser(
        user,
        handles.filter((handle) => handle !== kept),
      )
    },

    async listByUser(user: string): Promise<readonly SessionView[]> {
      const handles = await listHandles(requireUser('listByUser', user))
      const records = await store.inspect(handles)
      return handles
        .flatMap((handle, at) => {
          const record = records[at]
          return record === undefined ? [] : [toView(handle, record)]
        })
        .sort((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime())
    },
  }
}

function toView(handle: string, { label, createdAt, lastUsedAt }: SessionRecord): SessionView {
  return { handle, label, createdAt: new Date(createdAt), lastUsedAt: new Date(lastUsedAt) }
}
