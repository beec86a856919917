import { toFields } from './session-fields'
import { requireUser } from './session-id'
import type { SessionLifecycle } from './session-lifecycle'
import type { MigrationOptions } from './sessions-options'
import type { ForeignSessions } from './store/connect-redis-sessions'
import type { SessionStore, StoredSession } from './store/session-store'

interface SessionReaderOptions {
  readonly store: SessionStore
  /** Sessions that are taken over when they are asked for. */
  readonly foreign: ForeignSessions | undefined
  readonly lifecycle: SessionLifecycle
  readonly maxBytes: number
  readonly migrateFrom: MigrationOptions | undefined
}

/** Returns a function that reads a session: from the store, otherwise from a library that kept it before. */
export function createSessionReader(reader: SessionReaderOptions) {
  const { store, foreign } = reader
  return async (id: string, handle: string): Promise<StoredSession | undefined> =>
    (await store.read(handle)) ?? (foreign && (await takeOver(reader, foreign, id, handle)))
}

/**
 * Of several requests at once, one writes the session, and none overwrites what another has saved since. The foreign one is
 * deleted, so that it cannot come back after the end. The user may be refused while it is written.
 */
async function takeOver(
  { store, lifecycle, maxBytes, migrateFrom }: SessionReaderOptions,
  foreign: ForeignSessions,
  id: string,
  handle: string,
): Promise<StoredSession | undefined> {
  const data = await foreign.read(id)
  if (data === undefined) return undefined
  const named = migrateFrom?.userOf?.(data)
  const user = named === undefined ? undefined : requireUser('migrateFrom: userOf', named)
  const isRefused = async () => user !== undefined && (await foreign.isRefused(user))
  if (await isRefused()) {
    await foreign.delete(id)
    return undefined
  }
  const fields = toFields(data, maxBytes)
  await lifecycle.begin(handle, { user, label: undefined, createdAt: undefined, fields, onlyIfNew: true })
  await foreign.delete(id)
  if (await isRefused()) await lifecycle.end(handle)
  return store.read(handle)
}
