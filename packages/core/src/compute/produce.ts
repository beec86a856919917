import type { Clock } from '../contracts/clock'
import type { ComputeContext } from '../contracts/compute'
import { type Duration, toMs } from '../entry/duration'
import type { Entry } from '../entry/entry'
import type { HeldEntry, Stamp } from '../entry/held'
import { checkTag } from '../entry/key'
import { earlier, type Moment } from '../entry/moment'
import { isUserTag } from '../entry/tag'
import { LarderError } from '../errors'
import type { Capture, Dependencies } from './dependencies'
import type { Flight } from './flight'
import type { Request } from './request'
import { type Rules, tagsOf, ttlOf } from './rules'

/** What producing needs from the cache. */
export interface Production {
  readonly clock: Clock
  readonly dependencies: Dependencies
  now(): number
  closure(tags: Iterable<string>): readonly string[]
  trace<T>(key: string, run: () => Promise<T>, background: boolean): Promise<T>
}

/** What a computation said about its result while it ran. */
interface Remarks {
  readonly tags: Set<string>
  ttl: number | undefined
  skipped: boolean
  renewed: boolean
}

/** The result of a computation: its entry, and whether it is to be stored. */
export interface Product {
  readonly entry: Entry
  /** The moment before which everything acknowledged is certain to be reflected. */
  readonly provenAt: Moment
  readonly isStorable: boolean
}

/** The error of a computation, and the entry that remembers it, if errors are remembered. */
export class ComputeFailure {
  constructor(
    readonly error: unknown,
    readonly product: Product | undefined,
  ) {}
}

/**
 * Runs the caller's function and makes an entry of what it returns.
 * @throws ComputeFailure with the function's own error.
 */
export async function produce(
  production: Production,
  request: Request,
  stamp: Stamp,
  { signal, isBackground }: Pick<Flight<unknown>, 'signal' | 'isBackground'>,
  previous: HeldEntry | undefined,
): Promise<Product> {
  const { clock, dependencies } = production
  const remarks: Remarks = { tags: new Set(), ttl: undefined, skipped: false, renewed: false }
  const startedAt = clock.monotonic()
  const made = (kind: Entry['kind'], value: unknown, capture: Capture | undefined) =>
    describe(production, { request, stamp, remarks, capture, previous, startedAt, kind, value })
  return dependencies.run(request.key, async (capture) => {
    let value: unknown
    try {
      const context = contextOf(remarks, capture, signal, previous)
      value = await production.trace(request.key, async () => request.compute(context), isBackground)
    } catch (error) {
      const isRemembered = request.rules.errorTtl > 0 && !signal.aborted
      throw new ComputeFailure(error, isRemembered ? made('error', error, capture) : undefined)
    }
    return made('value', value, capture)
  })
}

/** Everything known about a result. */
interface Result {
  readonly request: Request
  readonly stamp: Stamp
  readonly remarks: Remarks
  readonly capture: Capture | undefined
  readonly previous: HeldEntry | undefined
  readonly startedAt: number
  readonly kind: Entry['kind']
  readonly value: unknown
}

function describe(production: Production, result: Result): Product {
  const { request, remarks, capture, kind, value } = result
  const { rules } = request
  const now = production.now()
  const life = shortened(lifeOf(rules, remarks, kind, value), rules.jitter, production.clock)
  const ownEnd = now + life
  const freshUntil = capture?.tainted ? now : Math.min(ownEnd, capture?.freshUntil ?? ownEnd)
  const isError = kind === 'error'
  const entry: Entry = {
    key: request.key,
    kind,
    value,
    tags: production.closure(allTags(result)),
    asOf: result.stamp.asOf,
    createdAt: now,
    freshUntil,
    staleUntil: isError ? freshUntil : freshUntil + rules.staleWhileRevalidate,
    errorUntil: isError ? freshUntil : freshUntil + rules.staleIfError,
    computeTime: production.clock.monotonic() - result.startedAt,
  }
  const isWanted = isError || rules.cacheIf === undefined || rules.cacheIf(value as never)
  const { startedAt } = result.stamp
  const provenAt = capture === undefined ? startedAt : earlier(startedAt, capture.provenAt)
  return { entry, provenAt, isStorable: life > 0 && !remarks.skipped && isWanted }
}

function lifeOf(rules: Rules, remarks: Remarks, kind: Entry['kind'], value: unknown): number {
  if (kind === 'error') return rules.errorTtl
  return remarks.ttl ?? ttlOf(rules, value)
}

function shortened(life: number, jitter: number, clock: Clock): number {
  return jitter === 0 ? life : life * (1 - jitter * clock.random())
}

function allTags({ request, remarks, capture, previous, kind, value }: Result): Set<string> {
  const given =
    kind === 'error' && typeof request.rules.tags === 'function' ? [] : tagsOf(request.rules, value)
  for (const tag of given) checkTag(tag)
  const renewed = remarks.renewed ? (previous?.tags ?? []) : []
  return new Set([...request.scopeTags, ...given, ...remarks.tags, ...renewed, ...(capture?.tags ?? [])])
}

function contextOf(
  remarks: Remarks,
  capture: Capture,
  signal: AbortSignal,
  previous: HeldEntry | undefined,
): ComputeContext<unknown> {
  const known = previous?.kind === 'value' ? previous : undefined
  return {
    signal,
    previous: known && {
      value: known.copy(known.value),
      createdAt: new Date(known.createdAt),
      tags: known.tags,
    },
    tag(...tags) {
      for (const tag of tags) {
        checkTag(tag)
        remarks.tags.add(tag)
      }
    },
    get tags() {
      return [...new Set([...remarks.tags, ...capture.tags])].filter(isUserTag)
    },
    ttl(duration: Duration) {
      remarks.ttl = toMs(duration, 'ctx.ttl')
    },
    skip() {
      remarks.skipped = true
    },
    fail(reason) {
      throw reason instanceof Error ? reason : new LarderError('COMPUTE_FAILED', reason)
    },
    notModified() {
      if (known === undefined) {
        throw new LarderError(
          'COMPUTE_FAILED',
          'ctx.notModified() needs ctx.previous: there is no old value to renew.',
        )
      }
      remarks.renewed = true
      return known.copy(known.value)
    },
  }
}
