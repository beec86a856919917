import { Problem, safeHeaders } from '../http/problem'
import type { Operated, Route } from '../http/route'
import { recommend } from '../observation/analysis'
import { healthOf } from '../observation/health'
import { text } from '../openapi/schema'

/** How often numbers are sent, in ms. */
const beat = 1_000
/** Listeners at once: each costs a little every second. */
const mostListeners = 50
/** Events that wait for a client that reads slowly; beyond them, events are left out. */
const mostWaiting = 100

let listeners = 0

/** Numbers every second and invalidations as they come, as server-sent events. */
export const liveRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'live',
    summary: 'Server-sent events: "state" every second, "invalidation" as they come.',
    answer: text,
    type: 'text/event-stream',
    handle({ operated, request }) {
      if (listeners >= mostListeners)
        throw new Problem(503, 'Too many listeners', `There are ${mostListeners} already.`)
      return new Response(eventsOf(operated, request.signal), {
        headers: { ...safeHeaders, 'content-type': 'text/event-stream' },
      })
    },
  },
]

function stateOf({ cache, activity, warmUps }: Operated) {
  activity.watch()
  const stats = cache.stats()
  const seen = activity.seen(10)
  return {
    at: new Date(),
    stats,
    health: healthOf(stats),
    activity: seen,
    recommendations: recommend({ stats, activity: seen }),
    warmUps: warmUps.all(),
  }
}

function eventsOf(operated: Operated, signal: AbortSignal): ReadableStream<Uint8Array> {
  let stop: () => void = () => undefined
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (event: string, data: unknown) => {
          if ((controller.desiredSize ?? 0) <= 0) return
          controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
        }
        const tell = () => send('state', stateOf(operated))
        const unfollow = operated.history.follow((item) => send('invalidation', item))
        const timer = setInterval(tell, beat)
        listeners += 1
        stop = () => {
          listeners -= 1
          clearInterval(timer)
          unfollow()
          stop = () => undefined
        }
        signal.addEventListener('abort', () => stop(), { once: true })
        tell()
      },
      cancel: () => stop(),
    },
    { highWaterMark: mostWaiting },
  )
}
