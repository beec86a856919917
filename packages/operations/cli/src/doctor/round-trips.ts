import type { Clock } from '@larder/core'
import type { Redis } from 'ioredis'
import { duration } from '../text/amounts'
import type { Finding } from './finding'

type Answer = Omit<Finding, 'check'>

const questions = 20
/** In ms. */
const slow = 5
const farApart = 1_000

/** What asking the server for its time has shown. Durations in ms. */
export interface RoundTrips {
  readonly median: number
  readonly max: number
  /** The server's clock minus the one here, as the fastest answer tells it. */
  readonly ahead: number
}

/** Asks for the time, one question after the other. TIME is as cheap as PING, and among the rights Larder needs. */
export async function measureRoundTrips(node: Redis, clock: Clock): Promise<RoundTrips> {
  const trips: { took: number; ahead: number }[] = []
  for (let question = 0; question < questions; question += 1) {
    const start = clock.monotonic()
    const sentAt = clock.now()
    const [seconds, micros] = (await node.call('TIME')) as string[]
    const took = clock.monotonic() - start
    trips.push({ took, ahead: Number(seconds) * 1_000 + Number(micros) / 1_000 - sentAt - took / 2 })
  }
  trips.sort((a, b) => a.took - b.took)
  return {
    median: trips[questions / 2]?.took ?? 0,
    max: trips.at(-1)?.took ?? 0,
    ahead: trips[0]?.ahead ?? 0,
  }
}

export function checkLatency({ median, max }: RoundTrips): Answer {
  const found = `median ${duration(median)}, longest of ${questions} ${duration(max)}`
  if (median <= slow) return { status: 'ok', found }
  return {
    status: 'warn',
    found: `${found}: a hit that is not in memory takes as long.`,
    advice:
      'Move the server nearer, or put memory before it: tieredStore([memoryStore(), redisStore({ url })]).',
  }
}

export function checkClock({ ahead }: RoundTrips): Answer {
  const size = Math.abs(ahead)
  const found = `the server is ${duration(size)} ${ahead < 0 ? 'behind' : 'ahead of'} this machine`
  if (size <= farApart) return { status: 'ok', found }
  return {
    status: 'warn',
    found: `${found}. Larder bears it; times shown are off by as much.`,
    advice: 'Let both machines follow a time server (NTP).',
  }
}
