import type { Recorder } from '../telemetry/recorder'

/** The options that say how long an entry lives: other libraries take them in seconds. */
const lifetimes = ['ttl', 'negativeTtl', 'errorTtl', 'staleWhileRevalidate', 'staleIfError'] as const

/**
 * Warns, once per place, of a life below one second that is given as a bare number: `ttl: 60` is 60 milliseconds, and mostly
 * means seconds. A number that a function of the value returns is the rest of a longer life, and gives no warning.
 *
 * @param place - Where the options were given: `set`, or the name of the wrapped function.
 */
export function warnOfSeconds(
  place: string,
  options: Readonly<Partial<Record<(typeof lifetimes)[number], unknown>>> | undefined,
  { warnOnce }: Pick<Recorder, 'warnOnce'>,
): void {
  for (const name of lifetimes) {
    const problem = describeShortLife(options?.[name])
    if (problem !== undefined) warnOnce(`seconds ${place} ${name}`, `${place}: ${name}: ${problem}`)
  }
}

/**
 * A warning of a life below one second that is given as a bare number, and the way to write it. Undefined for any other life.
 *
 * @example
 * ```ts
 * describeShortLife(60) // "60 is 60 milliseconds. Write '60s' if seconds are meant, and '60ms' otherwise."
 * ```
 */
export function describeShortLife(life: unknown): string | undefined {
  if (typeof life !== 'number' || life <= 0 || life >= 1_000) return undefined
  return `${life} is ${life} milliseconds. Write '${life}s' if seconds are meant, and '${life}ms' otherwise.`
}
