import { type Cache, systemClock } from '@larder/core'
import type { OriginHead, ResponseObserver, SendInstructions } from '../contracts/handler'
import type { Fields } from '../fields/fields'
import { changedTargets, isNonErrorStatus, parseGroups } from '../policy/invalidation'
import { nameOption } from '../routes/rule-functions'
import { tagOfGroup, tagOfTarget } from '../storage/response-tags'
import type { Warn } from '../warner'
import type { Exchange } from './exchange'
import { inertHints } from './response-hints'

/** A handler whose client left may still be at work: its change is invalidated again after this time, in ms. */
const doubtDuration = 2_000

/** How long a response waits for the tags of the rule's `invalidates`, in ms. The store has its own limit. */
const ruleTimeout = 5_000

/**
 * Runs the handler for an unsafe request. After a non-error response it invalidates, and holds the response back until
 * that is on record: a client that has seen its change confirmed never reads the old state through this process
 * (RFC 9111 §4.4, RFC 9875 §3).
 */
export function handleUnsafeMethod(cache: Cache, exchange: Exchange, warn: Warn): void {
  const observer = new ChangeObserver(cache, exchange, warn)
  exchange.handler.run({ changes: {}, hints: inertHints(cache), isReplaceable: false }, observer)
}

/** Invalidates what a change affects, when its response begins and as long as the handler may still be at work. */
class ChangeObserver implements ResponseObserver {
  readonly #cache: Cache
  readonly #exchange: Exchange
  readonly #warn: Warn
  #fields: Fields = []
  /** The handler has not returned since it wrote the head: it has changed nothing since. */
  #isAtHead = false

  constructor(cache: Cache, exchange: Exchange, warn: Warn) {
    this.#cache = cache
    this.#exchange = exchange
    this.#warn = warn
  }

  decideHead(): 'send' {
    return 'send'
  }

  prepareSending({ status, fields }: OriginHead): SendInstructions {
    if (!isNonErrorStatus(status)) return { added: [] }
    this.#fields = fields
    this.#isAtHead = true
    queueMicrotask(() => {
      this.#isAtHead = false
    })
    return { added: [], isObservedToEnd: true, holdUntil: this.#invalidateInTime() }
  }

  /** A handler that streams its response may have made its change after the head. */
  finish(): void {
    if (!this.#isAtHead) void this.#invalidate()
  }

  fail(): boolean {
    return false
  }

  /** The change may have been made, or may still be under way. */
  abort(): void {
    void this.#invalidate()
    systemClock.background(doubtDuration, () => void this.#invalidate())
  }

  /** Never rejects: a failure to invalidate must not keep a client from the confirmation of its change. */
  async #invalidate(): Promise<void> {
    const exchange = this.#exchange
    const tags = affectedTags(exchange, this.#fields)
    // Apart, so that an invalid tag of the rule does not keep the others from being invalidated.
    await Promise.allSettled([this.#cache.invalidate(tags), invalidateRuleTags(this.#cache, exchange)])
  }

  /** Resolves when the invalidation is on record, or when the rule's function has taken too long. */
  #invalidateInTime(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = systemClock.background(ruleTimeout, () => {
        const seconds = ruleTimeout / 1_000
        this.#warn(
          nameOption(this.#exchange.route, 'invalidates'),
          `takes longer than ${seconds} s: the client has its response before the tags are invalidated.`,
        )
        resolve()
      })
      void this.#invalidate().then(() => {
        cancel()
        resolve()
      })
    })
  }
}

/** The tags of everything that a successful request to this target changes, besides those of its rule. */
function affectedTags({ request, origin }: Exchange, fields: Fields): string[] {
  const targets = [request.target, ...changedTargets(fields, origin, request.target)]
  const groups = parseGroups(fields, 'cache-group-invalidation')
  return [
    ...targets.map((target) => tagOfTarget(origin, target)),
    ...groups.map((group) => tagOfGroup(origin, group)),
  ]
}

async function invalidateRuleTags(cache: Cache, { rule, request }: Exchange): Promise<void> {
  const tags = await rule.invalidates(request)
  if (tags.length > 0) await cache.invalidate(tags)
}
