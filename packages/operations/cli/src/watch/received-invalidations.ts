import type { Clock, InvalidationMode, InvalidationScope, LogRecord, Store } from '@larder/core'

/** A record of the log, in terms that people know. */
export interface ReceivedInvalidation {
  readonly position: number
  /** On the server's clock. */
  readonly at: Date
  /** `namespace` and `dependents` are internal tags: a cleared namespace, and the entries computed from a key. */
  readonly scope: InvalidationScope | 'namespace' | 'dependents'
  readonly mode: InvalidationMode
  readonly name: string
}

interface FollowOptions {
  readonly store: Store
  /** Name of the cache. */
  readonly name: string
  readonly clock: Clock
  onInvalidation(invalidation: ReceivedInvalidation): void
}

/** Reports every invalidation that the log pushes. The returned function stops that and closes the store. */
export function followInvalidations({
  store,
  name,
  clock,
  onInvalidation,
}: FollowOptions): () => Promise<void> {
  const opened = store.open({ name, clock, report: () => undefined, evicted: () => undefined })
  const unfollow = opened.log?.follow(
    ({ records }) => {
      for (const record of records) onInvalidation(describeRecord(record))
    },
    () => undefined,
  )
  return async () => {
    unfollow?.()
    await opened.close()
  }
}

function describeRecord({ position, scope, mode, name }: LogRecord): ReceivedInvalidation {
  const at = new Date(position / 1_000)
  if (scope === 'link' || scope === 'unlink')
    return { position, at, scope, mode, name: name.split('\u0000').join(' below ') }
  if (scope !== 'tag') return { position, at, scope, mode, name }
  if (name.startsWith('\u0001')) return { position, at, scope: 'namespace', mode, name: name.slice(1) }
  if (name.startsWith('\u0002')) return { position, at, scope: 'dependents', mode, name: name.slice(1) }
  return { position, at, scope, mode, name }
}
