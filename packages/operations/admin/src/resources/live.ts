import { readKindOf } from '@larder/core'
import { Problem } from '../http/problem'
import { safeHeaders } from '../http/responses'
import type { AdminRequest, Route } from '../http/route'
import type { ManagedCache } from '../managed-cache'
import { checkHealth } from '../observation/health'
import { identifyProcess } from '../observation/process-identity'
import { readServices } from '../observation/service-readings'
import { string } from '../openapi/schema'
import type { Access, AdminOptions } from '../options'
import { describeRuns } from './warm-ups'

/** Between two `state` events, in ms. */
const stateInterval = 1_000
/** After which `authorize` is asked again, in ms: a stream must not outlast the access that opened it for long. */
const accessInterval = 60_000
/** Events queued for a client that reads slowly. Further events are dropped until it catches up. */
const maxQueuedEvents = 100
const topNames = 10

/** The state every second and invalidations as they happen, as server-sent events. */
export const liveRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'live',
    summary: 'Server-sent events: "state" every second, "invalidation" for each invalidation.',
    response: string,
    contentType: 'text/event-stream',
    handleRequest(request) {
      if (!request.livePlaces.tryTake())
        throw new Problem(
          503,
          'Too many listeners',
          `There are ${request.livePlaces.capacity} live listeners already. Close a dashboard, or try again later.`,
        )
      return new Response(createEventStream(request), {
        headers: { ...safeHeaders, 'content-type': 'text/event-stream' },
      })
    },
  },
]

function readState(
  { cache, activity, advise, warmUps, errors }: ManagedCache,
  access: Access,
  { services = [] }: AdminOptions,
) {
  activity.watch()
  const stats = cache.stats()
  return {
    at: new Date(),
    may: access.may,
    process: identifyProcess(),
    stats,
    kinds: Object.fromEntries(Object.keys(stats.functions).map((name) => [name, readKindOf(name)])),
    health: checkHealth(stats),
    activity: activity.summarize(topNames),
    advice: advise(),
    lastError: errors.listNewest()[0],
    services: readServices(services),
    warmUps: describeRuns(warmUps.latestRuns(), access),
  }
}

/** The events until the client leaves, or loses its access. */
function createEventStream(request: AdminRequest): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let stop: () => void = () => undefined
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = sendEvents(request, {
          sendEvent(event, data) {
            if ((controller.desiredSize ?? 0) <= 0) return
            controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
          },
          close: () => controller.close(),
        })
      },
      cancel: () => stop(),
    },
    { highWaterMark: maxQueuedEvents },
  )
}

interface EventSink {
  sendEvent(event: string, data: unknown): void
  close(): void
}

/** Sends events until the returned function is called, once or more. */
function sendEvents(
  { managed, signal, access, options, livePlaces, hasAccess }: AdminRequest,
  sink: EventSink,
): () => void {
  const sendState = () => sink.sendEvent('state', readState(managed, access, options))
  const unsubscribe = managed.history.subscribe((item) => sink.sendEvent('invalidation', item))
  const stateTimer = setInterval(sendState, stateInterval)
  const accessTimer = setInterval(checkAccess, accessInterval)
  let isStopped = false

  function stop(): void {
    if (isStopped) return
    isStopped = true
    livePlaces.release()
    clearInterval(stateTimer)
    clearInterval(accessTimer)
    unsubscribe()
  }

  async function checkAccess(): Promise<void> {
    const isAllowed = await hasAccess().catch(() => false)
    if (isAllowed || isStopped) return
    stop()
    sink.close()
  }

  signal.addEventListener('abort', stop, { once: true })
  // A client may have left while `authorize` was asked: `abort` is not dispatched again.
  if (signal.aborted) stop()
  else sendState()
  return stop
}
