import { systemClock } from '@larder/core'

/**
 * How long requests wait for a body once the head has been sent, in ms: a body that takes longer is a stream, or its
 * client reads slowly.
 */
const bodyTimeout = 500

/** A run of the handler, as seen by the requests that wait for its response. */
export class Lead {
  #headSentAt: number | undefined
  readonly #followers = new Set<() => void>()

  /** From now on, followers wait for the body only. */
  markHeadSent(): void {
    if (this.#headSentAt !== undefined) return
    this.#headSentAt = systemClock.monotonic()
    for (const leave of this.#followers) systemClock.background(bodyTimeout, leave)
  }

  /** Calls `leave` once the body is overdue. Returns a function that ends the wait. */
  follow(leave: () => void): () => void {
    this.#followers.add(leave)
    const cancel =
      this.#headSentAt === undefined
        ? undefined
        : systemClock.background(this.#headSentAt + bodyTimeout - systemClock.monotonic(), leave)
    return () => {
      this.#followers.delete(leave)
      cancel?.()
    }
  }
}
