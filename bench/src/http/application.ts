import { setTimeout as sleep } from 'node:timers/promises'
import { documentOf } from '../values/record'

/** What every framework serves. */
export interface Application {
  /** Listens on a free port. */
  listen(): Promise<number>
}

export type Variant = 'constant' | 'larder'

/** How long the source takes, in ms. */
const latency = 5
/** 10 KB of JSON. */
const payload = documentOf('payload', 10_240)

/** What handlers ask, and how often they did. */
export const source = {
  asked: 0,
  async load() {
    source.asked += 1
    await sleep(latency)
    return payload
  },
}

/** The same as a constant. */
export const body = Buffer.from(JSON.stringify(payload))
export const type = 'application/json; charset=utf-8'
