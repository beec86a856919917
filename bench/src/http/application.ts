import { setTimeout as sleep } from 'node:timers/promises'
import { documentOf } from '../values/record'

/** The same application on each framework. */
export interface Application {
  /** Listens on a free port. */
  listen(): Promise<number>
}

export type Variant = 'constant' | 'larder'

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
export const type = 'application/json; charset=utf-8'
