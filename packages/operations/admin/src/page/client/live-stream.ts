import { findOutage, type Outage, resourceUrl } from './api'
import type { HistoryItem, LiveState } from './live-state'

/** Between two attempts to open the stream, in ms. */
const retryDelay = 2_000

/** Receives the live events of a cache. */
export interface LiveListener {
  /** The stream was opened, for the first time or again: invalidations may have been missed. */
  onOpen(): void
  onState(state: LiveState): void
  onInvalidation(item: HistoryItem): void
  /** No events arrive. */
  onOutage(outage: Outage): void
}

/**
 * Receives the live events of the selected cache until the returned function is called. The stream is opened again after every
 * failure: a browser does so by itself after a lost connection, but not after the response of a proxy without a process
 * behind it, or of a login that has ended.
 */
export function openLiveStream(listener: LiveListener): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let isStopped = false

  function connect(): void {
    const opened = new EventSource(resourceUrl('live'))
    let wasOpen = false
    opened.addEventListener('open', () => {
      wasOpen = true
      listener.onOpen()
    })
    opened.addEventListener('state', ({ data }) => listener.onState(JSON.parse(data)))
    opened.addEventListener('invalidation', ({ data }) => listener.onInvalidation(JSON.parse(data)))
    opened.addEventListener('error', () => void reconnect(opened, wasOpen))
    source = opened
  }

  async function reconnect(failed: EventSource, wasOpen: boolean): Promise<void> {
    failed.close()
    const outage = await findOutage()
    if (isStopped) return
    // A proxy has ended a connection that was idle or old: no outage.
    if (outage === 'no stream' && wasOpen) return connect()
    listener.onOutage(outage)
    timer = setTimeout(connect, retryDelay)
  }

  connect()
  return () => {
    isStopped = true
    clearTimeout(timer)
    source?.close()
  }
}
