import { systemClock } from '@larder/core'
import type { Answer, Handler, HandlerRun, OriginHead, ResponseObserver } from '../contracts/handler'
import type { HttpRequest } from '../contracts/request'
import { type Fields, fieldValue } from '../fields/fields'

type Handle<S> = (request: HttpRequest<S>, handler: Handler) => Answer | Promise<Answer>

/**
 * Adds `Server-Timing` (W3C) to every response: `cache` is the time that the cache took until it had an answer or the
 * handler ran, and `handler` the time from there to the head of the handler's response, both in ms.
 */
export function timeResponses<S>(handle: Handle<S>): Handle<S> {
  return (request, handler) => {
    const timed = new TimedHandler(handler)
    const answer = handle(request, timed)
    return answer instanceof Promise ? answer.then(timed.addToAnswer) : timed.addToAnswer(answer)
  }
}

/** The handler behind the cache for one request, with the time at which it began to run. */
class TimedHandler implements Handler {
  readonly #handler: Handler
  readonly #arrivedAt = systemClock.monotonic()
  #ranAt: number | undefined

  constructor(handler: Handler) {
    this.#handler = handler
  }

  run(run: HandlerRun, observer: ResponseObserver): void {
    this.#ranAt = systemClock.monotonic()
    this.#handler.run(run, {
      decideHead: (head) => observer.decideHead(head),
      prepareSending: (head) => {
        const instructions = observer.prepareSending(head)
        return { ...instructions, added: [...instructions.added, this.#measureField(head.sentFields)] }
      },
      finish: (body, sentFields, charset) => observer.finish(body, sentFields, charset),
      fail: (error) => observer.fail(error),
      abort: () => observer.abort(),
    })
  }

  passThrough(hints: HandlerRun['hints'], onHead?: (head: OriginHead) => Fields): void {
    this.#ranAt = systemClock.monotonic()
    this.#handler.passThrough(hints, (head) => [...(onHead?.(head) ?? []), this.#measureField(head.fields)])
  }

  get runInBackground(): Handler['runInBackground'] {
    return this.#handler.runInBackground
  }

  waitUntil(work: Promise<unknown>): void {
    this.#handler.waitUntil?.(work)
  }

  /** In place of a field that was stored: it measures the request that it was stored for. */
  readonly addToAnswer = (answer: Answer): Answer => {
    if (answer.from === 'handler') return answer
    const [name, value] = this.#measureField([])
    return { ...answer, fields: { ...answer.fields, [name]: value } }
  }

  /** Metrics of the application come first. */
  #measureField(fields: Fields): Fields[number] {
    const now = systemClock.monotonic()
    const ranAt = this.#ranAt ?? now
    const metrics = [
      fieldValue(fields, 'server-timing'),
      `cache;dur=${(ranAt - this.#arrivedAt).toFixed(1)}`,
      this.#ranAt === undefined ? undefined : `handler;dur=${(now - ranAt).toFixed(1)}`,
    ]
    return ['server-timing', metrics.filter((metric) => metric !== undefined).join(', ')]
  }
}
