import type { Clock, InvalidationMode, InvalidationScope, LogRecord, Store } from '@larder/core'

/** An invalidation as it is shown. */
export interface Happening {
  readonly position: number
  /** On the server's clock. */
  readonly at: Date
  /** `namespace` and `dependents` are tags of Larder's own: a cleared namespace, and what was computed from a key. */
  readonly scope: InvalidationScope | 'namespace' | 'dependents'
  readonly mode: InvalidationMode
  readonly name: string
}

/** What listening takes. */
export interface Listening {
  readonly store: Store
  readonly name: string
  readonly clock: Clock
  onHappening(happening: Happening): void
}

/** Hears of every invalidation that is pushed, until the returned function is called. */
export function listen({ store, name, clock, onHappening }: Listening): () => Promise<void> {
  const opened = store.open({ name, clock, report: () => undefined, evicted: () => undefined })
  const stop = opened.log?.follow(
    ({ records }) => {
      for (const record of records) onHappening(happeningOf(record))
    },
    () => undefined,
  )
  return async () => {
    stop?.()
    await opened.close()
  }
}

function happeningOf({ position, scope, mode, name }: LogRecord): Happening {
  const at = new Date(position / 1_000)
  if (scope === 'link' || scope === 'unlink')
    return { position, at, scope, mode, name: name.split('\u0000').join(' below ') }
  if (scope !== 'tag') return { position, at, scope, mode, name }
  if (name.startsWith('\u0001')) return { position, at, scope: 'namespace', mode, name: name.slice(1) }
  if (name.startsWith('\u0002')) return { position, at, scope: 'dependents', mode, name: name.slice(1) }
  return { position, at, scope, mode, name }
}
