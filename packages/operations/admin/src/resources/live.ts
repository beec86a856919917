import { Problem } from '../http/problem'
import { safeHeaders } from '../http/responses'
import type { Route } from '../http/route'
import type { ManagedCache } from '../managed-cache'
import { checkHealth } from '../observation/health'
import { findRecommendations } from '../observation/recommendations'
import { string } from '../openapi/schema'

/** Between two `state` events, in ms. */
const stateInterval = 1_000
/** Per process, because each listener costs CPU time every second. */
const maxListeners = 50
/** Events queued for a client that reads slowly. Further events are dropped until it catches up. */
const maxQueuedEvents = 100
const topNames = 10

let listeners = 0

/** The state every second and invalidations as they happen, as server-sent events. */
export const liveRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'live',
    summary: 'Server-sent events: "state" every second, "invalidation" for each invalidation.',
    response: string,
    contentType: 'text/event-stream',
    handleRequest({ managed, signal }) {
      if (listeners >= maxListeners)
        throw new Problem(
          503,
          'Too many listeners',
          `This process already has ${maxListeners} live listeners. Close a dashboard, or try again later.`,
        )
      return new Response(createEventStream(managed, signal), {
        headers: { ...safeHeaders, 'content-type': 'text/event-stream' },
      })
    },
  },
]

function readState({ cache, activity, warmUps }: ManagedCache) {
  activity.watch()
  const stats = cache.stats()
  const recentActivity = activity.summarize(topNames)
  return {
    at: new Date(),
    stats,
    health: checkHealth(stats),
    activity: recentActivity,
    recommendations: findRecommendations({ stats, activity: recentActivity }),
    warmUps: warmUps.latestRuns(),
  }
}

function createEventStream(managed: ManagedCache, signal: AbortSignal): ReadableStream<Uint8Array> {
  let stopListening: () => void = () => undefined
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const sendEvent = (event: string, data: unknown) => {
          if ((controller.desiredSize ?? 0) <= 0) return
          controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
        }
        const sendState = () => sendEvent('state', readState(managed))
        const unsubscribe = managed.history.subscribe((item) => sendEvent('invalidation', item))
        const timer = setInterval(sendState, stateInterval)
        listeners += 1
        stopListening = () => {
          listeners -= 1
          clearInterval(timer)
          unsubscribe()
          stopListening = () => undefined
        }
        signal.addEventListener('abort', () => stopListening(), { once: true })
        sendState()
      },
      cancel: () => stopListening(),
    },
    { highWaterMark: maxQueuedEvents },
  )
}
