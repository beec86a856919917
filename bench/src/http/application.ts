import { setTimeout as sleep } from 'node:timers/promises'
import { documentOf } from '../values/record'

/** The same application on each framework. */
export interface Application {
  /** Listens on a free port. */
  listen(): Promise<number>
}

/**
 * `larder` caches a slow handler, and `constant` sends its response without a cache, with the fields of a hit. `unruled` has
 * a cache without a rule in front of a handler that does nothing, `empty` a middleware that only goes on in its place, and
 * `plain` is that handler alone: some frameworks have a shorter way for it.
 */
export const variants = ['larder', 'constant', 'unruled', 'empty', 'plain'] as const

export type Variant = (typeof variants)[number]

/** Latency of the source, in ms. */
const latency = 5
/** 10 KB of JSON. */
const payload = documentOf('payload', 10_240)

/** The source of the handlers, with the number of its calls. */
export const source = {
  loads: 0,
  async load() {
    source.loads += 1
    await sleep(latency)
    return payload
  },
}

/** The payload as a constant buffer. */
export const body = Buffer.from(JSON.stringify(payload))
const type = 'application/json; charset=utf-8'

/** The fields that a hit is sent with. */
const hitFields = {
  'content-type': type,
  'cache-control': 'no-cache',
  etag: 'W/"000000000000000000000"',
  'content-length': String(body.length),
  age: '1',
  'cache-status': 'larder; hit; ttl=3599',
}

/** The fields of a handler that answers the constant buffer. */
export const fieldsOf = (variant: Variant): Readonly<Record<string, string>> =>
  variant === 'constant' ? hitFields : { 'content-type': type }
