import type { Clock } from '@larder/core'
import type { Redis } from 'ioredis'
import { formatDuration } from '../text/amounts'
import type { CheckResult } from './finding'

const sampleCount = 20
/** Between two samples, in ms: together they last a second, so that something that blocks the server for long is met. */
const samplePause = 50
/** A median round trip above this is a warning, in ms. */
const maxMedian = 5
/** A single round trip above this is a warning, in ms. */
const maxLongest = 100
/** A clock difference above this is a warning, in ms. */
const maxClockDifference = 1_000

/** Round trips to the server. Durations in ms. */
interface RoundTrips {
  readonly median: number
  readonly max: number
  /** The server's clock minus this machine's, measured by the fastest round trip. */
  readonly ahead: number
}

/** Sends TIME repeatedly, for a second, one at a time. It costs as little as PING, and Larder needs the right to it anyway. */
export async function measureRoundTrips(node: Redis, clock: Clock): Promise<RoundTrips> {
  const trips: { duration: number; ahead: number }[] = []
  for (let sample = 0; sample < sampleCount; sample += 1) {
    await new Promise<void>((resolve) => clock.timeout(samplePause, resolve))
    const start = clock.monotonic()
    const sentAt = clock.now()
    const [seconds, micros] = (await node.call('TIME')) as string[]
    const duration = clock.monotonic() - start
    trips.push({
      duration,
      ahead: Number(seconds) * 1_000 + Number(micros) / 1_000 - sentAt - duration / 2,
    })
  }
  trips.sort((a, b) => a.duration - b.duration)
  return {
    median: trips[sampleCount / 2]?.duration ?? 0,
    max: trips.at(-1)?.duration ?? 0,
    ahead: trips[0]?.ahead ?? 0,
  }
}

export function checkLatency({ median, max }: RoundTrips): CheckResult {
  const found = `median ${formatDuration(median)}, longest of ${sampleCount} ${formatDuration(max)}`
  if (median <= maxMedian && max <= maxLongest) return { status: 'ok', found }
  if (median <= maxMedian)
    return {
      status: 'warn',
      found: `${found}: something keeps the server or this machine busy for that long, and all calls wait for it.`,
      advice:
        'SLOWLOG GET 10 lists the slowest commands: look for scripts, KEYS and large values. Else look at the load of both machines.',
    }
  return {
    status: 'warn',
    found: `${found}: every hit that is not in memory takes this long.`,
    advice:
      'Move the server nearer, or put memory before it: tieredStore([memoryStore(), redisStore({ url })]).',
  }
}

export function checkClock({ ahead }: RoundTrips): CheckResult {
  const difference = Math.abs(ahead)
  const found = `the server is ${formatDuration(difference)} ${ahead < 0 ? 'behind' : 'ahead of'} this machine`
  if (difference <= maxClockDifference) return { status: 'ok', found }
  return {
    status: 'warn',
    found: `${found}. Larder stays correct, but the times it shows are wrong by this much.`,
    advice: 'Synchronize both machines with a time server (NTP).',
  }
}
